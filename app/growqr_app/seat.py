"""One person in one conversation with the agent, for code that is not asynchronous."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import httpx

from growqr_app.database import Synchronous, store_at
from growqr_app.errors import UserError
from growqr_app.live import LiveSession
from growqr_router import Router
from growqr_testkit.sandbox import Sandbox, sandbox_token, serve
from growqr_workflows import Agent, Answer, ClientEvent, InterviewService, Principal, Snapshot
from growqr_workflows.answer import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The interview-service that is talked to."""

    base_url: str
    token: str | None
    """The bearer token; None sends none."""
    sandbox: Sandbox | None
    """The sandbox behind `base_url`; None when it is a real service."""


@contextmanager
def sandbox_service(principal: Principal, state_file: Path | None = None) -> Iterator[Service]:
    """A sandbox on a free loopback port, for as long as the context lasts; what it holds is kept in `state_file`."""
    sandbox = Sandbox(state_file=state_file)
    token = sandbox_token(principal.user_id, principal.org_id, role=principal.role, email=principal.email)
    with serve(sandbox) as base_url:
        yield Service(base_url=base_url, token=token, sandbox=sandbox)


@dataclass(frozen=True, slots=True)
class Turn:
    """What came in and what came of it."""

    number: int
    said: str
    """The message, or what happened at the client."""
    before: str
    """The state before the turn; `answer.state` is the one after it."""
    answer: Answer
    event: EventKind | None = None
    heard: str | None = None
    """What the service said when a live session opened."""


class Seat:
    """A conversation with the agent; use it as a context manager."""

    def __init__(
        self,
        service: Service,
        principal: Principal,
        *,
        db: str = ":memory:",
        synchronous: Synchronous = "NORMAL",
        conversation_id: str = "demo",
    ) -> None:
        """`db` and `synchronous` are the store's; a conversation that it holds is gone on with."""
        self.service = service
        self.router = Router.default()
        self.live = LiveSession(service.base_url, service.token)
        self.turns: list[Turn] = []
        self._live_id: str | None = None
        self._principal = principal
        self._conversation_id = conversation_id
        self._db = db
        self._synchronous: Synchronous = synchronous
        self._runner = asyncio.Runner()
        self._open = AsyncExitStack()

    def __enter__(self) -> Self:
        try:
            self._runner.run(self._enter())
        except BaseException:
            self._runner.close()
            raise
        return self

    async def _enter(self) -> None:
        client = httpx.AsyncClient(base_url=self.service.base_url, headers=_headers(self.service.token))
        await self._open.enter_async_context(client)
        store = await self._open.enter_async_context(store_at(self._db, may_be_new=True, synchronous=self._synchronous))
        self._agent = Agent(self.router, InterviewService(client), store)
        await self._agent.recover()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.live.close()
        self._runner.run(self._open.aclose())
        self._runner.close()

    @property
    def state(self) -> str:
        """The workflow state of the current session."""
        return self.turns[-1].answer.state if self.turns else self.snapshot().state

    @property
    def continues(self) -> bool:
        """Whether the store held this conversation already."""
        return not self.turns and self.snapshot() != Snapshot()

    def snapshot(self) -> Snapshot:
        """What the conversation remembers."""
        return self._runner.run(self._agent.state(self._conversation_id, self._principal))

    def say(self, text: str) -> Turn:
        """Send a message."""
        return self._turn(text, text)

    def open_session(self) -> Turn:
        """Open the WebSocket that the agent handed over last, then tell the agent that the session is live.

        Raises:
            UserError: nothing was handed over yet, or the service does not accept the WebSocket.
        """
        handover = next((t.answer.outcome.handover for t in reversed(self.turns) if t.answer.outcome.handover), None)
        if handover is None:
            raise UserError("No live session was handed over yet; say `start` once a session is approved.")
        heard = self.live.open(handover.path)
        self._live_id = handover.session_id
        event = ClientEvent(kind="session_live", session_id=self._live_id)
        return self._turn(f"the WebSocket {handover.path} is open", event, heard)

    def close_session(self) -> Turn:
        """Close the WebSocket, then tell the agent that the session has ended.

        Raises:
            UserError: none is open.
        """
        if not self.live.is_open:
            raise UserError("No live session is open.")
        self.live.close()
        return self._turn("the WebSocket is closed", ClientEvent(kind="session_ended", session_id=self._live_id))

    def confirm_upload(self) -> Turn:
        """Tell the agent that the client has uploaded the recording of the session."""
        return self._turn("the recording is uploaded", ClientEvent(kind="video_uploaded", session_id=self._live_id))

    def view(self) -> dict[str, str]:
        """What the conversation remembers, for people: label -> text."""
        snapshot = self.snapshot()
        others = [f"{s.session_id} ({s.state})" for s in snapshot.sessions.values() if s is not snapshot.session]
        shown = {"state": snapshot.state, "live": "the WebSocket is open" if self.live.is_open else None}
        if snapshot.session is not None:
            values = (f"{name} {value}" for name, value in snapshot.session.values.items())
            questions = enumerate((item.question for item in snapshot.session.question_outline), 1)
            shown |= {
                "session": f"{snapshot.session.session_id} ({snapshot.session.status})",
                "set up as": ", ".join(values),
                "questions": "\n".join(f"{number}. {question}" for number, question in questions),
            }
        shown |= {
            "sessions": ", ".join(others),
            "failed": snapshot.failed.intent if snapshot.failed else None,
            "asked for": snapshot.asked.expects if snapshot.asked else None,
        }
        return {label: text for label, text in shown.items() if text}

    def _turn(self, said: str, message: str | ClientEvent, heard: str | None = None) -> Turn:
        before, number = self.state, len(self.turns) + 1
        event = message.kind if isinstance(message, ClientEvent) else None
        answer = self._runner.run(self._agent.handle(self._conversation_id, self._principal, uuid4().hex, message))
        self.turns.append(Turn(number, said, before, answer, event, heard))
        return self.turns[-1]


def _headers(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}
