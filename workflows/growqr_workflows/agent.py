"""The agent: one message or client event in, one honest answer out; no message lost, none acted on twice."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from growqr_router import Router
from growqr_rules.replies import render
from growqr_workflows.answer import ANSWER, MESSAGE, Answer, ClientEvent, Message
from growqr_workflows.handoff import OtherAgents
from growqr_workflows.machine import WorkflowMachine
from growqr_workflows.observer import Observer, Unobserved
from growqr_workflows.perform import Performer, Work
from growqr_workflows.principal import Principal
from growqr_workflows.record import record
from growqr_workflows.service import InterviewService
from growqr_workflows.snapshot import Snapshot
from growqr_workflows.store import Answered, Busy, Claim, Effect, Incoming, Result, Stale, Store, StoreError

_LOG = logging.getLogger(__name__)
_MOST_ATTEMPTS = 4
"""Workers that may fall over one message before it is answered with an apology."""
_MOST_UNTOLD = 3
_SHORTEST_WAIT, _LONGEST_WAIT = 0.01, 0.25
"""Seconds between two looks at a conversation that is held."""
_LONGEST_KEPT = 20_001
"""Characters of a message that are kept: one more than the router reads."""
_LONGEST_ID = 200


class Agent:
    """Holds conversations. One per process; conversations live in the store, so that any worker can go on with them."""

    def __init__(
        self,
        router: Router,
        service: InterviewService,
        store: Store,
        *,
        others: OtherAgents | None = None,
        observer: Observer | None = None,
        own_sessions_only: bool = False,
        ids: Callable[[], str] = lambda: uuid.uuid4().hex,
        machine: WorkflowMachine | None = None,
        patience: float = 30.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Everything but the first three is for the particular.

        Args:
            router: reads messages.
            service: the interview-service.
            store: keeps the conversations.
            others: answer what is handed off; None leaves it to whoever reads the outcome.
            observer: watches turns.
            own_sessions_only: ask about no other sessions than the conversation's, where the service sees no person.
            ids: makes idempotency keys.
            machine: makes the transitions; default: the pack's own.
            patience: seconds that a message waits for those before it.
            sleep: waits between two looks at a conversation that is held.
            clock: monotonic seconds.

        Raises:
            ValueError: the router's pack has no workflow.
        """
        workflow = router.pack.workflow
        if workflow is None:
            raise ValueError(f"the pack {router.pack.manifest.name} has no workflow.yaml")
        self._router = router
        self._store = store
        self._patience = patience
        self._sleep = sleep
        self._clock = clock
        self._observer = observer or Unobserved()
        self._performer = Performer(
            router,
            service,
            machine or WorkflowMachine(workflow),
            others=others,
            observer=self._observer,
            own_sessions_only=own_sessions_only,
            ids=ids,
        )

    async def handle(self, conversation_id: str, principal: Principal, message_id: str, message: Message) -> Answer:
        """Answer one message or event; the same message id gets the same answer, and nothing is sent twice.

        The message is safe once the store has it: if this worker dies, is cancelled or loses the database, the next
        delivery of it, the next message of the conversation or `recover` goes on with it.

        Raises:
            ValueError: an id is empty, longer than 200 characters or not printable.
            Conflict: the message id came with another content.
            NotYours: the conversation is another person's.
            Busy: earlier messages did not finish in time.
            StoreError: the database cannot be used; deliver the message again later.
        """
        incoming = Incoming(_id(conversation_id), principal, _id(message_id), _payload(message))
        waited, pause = 0.0, _SHORTEST_WAIT
        while True:
            held = await self._store.receive(incoming)
            if isinstance(held, Answered):
                return ANSWER.validate_json(held.answer)
            if isinstance(held, Claim):
                mine = held.incoming.message_id == message_id
                with suppress(Stale):  # a worker that thought us dead has the turn: its answer will be ours
                    answer = await self._work(held, present=mine)
                    if mine:
                        return answer
                    continue
            if waited >= self._patience:
                await self._store.withdraw(incoming)
                raise Busy(f"earlier messages of {conversation_id} are still being answered; send this one again")
            await self._sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, _LONGEST_WAIT)

    async def recover(self) -> int:
        """Go on with the turns that interrupted workers left; how many there were. For the start of a worker."""
        finished = 0
        for conversation_id in await self._store.abandoned():
            try:
                while (claim := await self._store.take_over(conversation_id)) is not None:
                    await self._work(claim, present=False)
                    finished += 1
            except Stale:
                continue  # another worker is at it
        return finished

    async def state(self, conversation_id: str, principal: Principal) -> Snapshot:
        """What the conversation remembers. Raises `StoreError` when it is another person's."""
        return await self._store.read(_id(conversation_id), principal)

    async def _work(self, claim: Claim, *, present: bool) -> Answer:
        """Finish a claimed turn. `present`: its person is waiting for the answer."""
        started = self._clock()
        with self._observer.span("turn") as span:
            answer = await self._finish(claim, present=present)
            span.set_attribute("growqr.reply", answer.outcome.reply)
            span.set_attribute("growqr.state", answer.state)
        self._observer.finished(answer, self._clock() - started)
        return answer

    async def _finish(self, claim: Claim, *, present: bool) -> Answer:
        turn, snapshot = claim.incoming, claim.snapshot
        before, message = snapshot.state, MESSAGE.validate_json(turn.payload)

        async def note(effect: Effect) -> None:
            await self._store.note(claim, effect)

        key = hashlib.sha256(f"{turn.conversation_id}\0{turn.message_id}".encode()).hexdigest()[:32]
        work = Work(turn.conversation_id, key, turn.principal, snapshot, claim.interrupted, note)
        async with self._held(claim):
            if claim.attempt > _MOST_ATTEMPTS:
                answer = self._performer.give_up(work)
            else:
                answer = await self._performer.perform(work, message)
            event = record(message, work, answer, before)
            answer = self._told(snapshot, message, answer, present=present)
            encoded = ANSWER.dump_json(answer).decode()
            await self._store.commit(claim, Result(snapshot, encoded, work.effects, event, answer.calls))
        _LOG.info(
            "turn %s of %s: %s, %s, %d calls, attempt %d",
            *(turn.message_id, turn.conversation_id, answer.outcome.reply, answer.state, len(answer.calls)),
            claim.attempt,
        )
        return answer

    def _told(self, snapshot: Snapshot, message: Message, answer: Answer, *, present: bool) -> Answer:
        """Begin a reply with what the person does not know yet, or keep this one for the next."""
        if isinstance(message, ClientEvent):
            return answer
        if not present:
            snapshot.untold = [*snapshot.untold, answer.text][-_MOST_UNTOLD:]
            return answer
        template = self._router.pack.replies["interrupted_before"]
        earlier = [render(template, {"reply": text}) for text in snapshot.untold]
        snapshot.untold = []
        return replace(answer, text="\n\n".join([*earlier, answer.text])) if earlier else answer

    @asynccontextmanager
    async def _held(self, claim: Claim) -> AsyncIterator[None]:
        """Keep the conversation while the turn is worked on, and let go if it is not finished."""
        heartbeat = asyncio.create_task(self._renew(claim))
        try:
            yield
        except BaseException:
            # Also on cancellation: whoever comes next need not wait for the lease to run out.
            await asyncio.shield(self._let_go(claim))
            raise
        finally:
            heartbeat.cancel()

    async def _renew(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(self._store.lease / 3)
            try:
                await self._store.renew(claim)
            except StoreError as error:
                _LOG.warning("the lease on %s was not renewed: %s", claim.incoming.conversation_id, error)

    async def _let_go(self, claim: Claim) -> None:
        try:
            await self._store.release(claim)
        except StoreError as error:
            _LOG.warning("%s stays held until its lease runs out: %s", claim.incoming.conversation_id, error)


def _id(value: str) -> str:
    if not value or len(value) > _LONGEST_ID or not value.isprintable():
        raise ValueError(f"an id has 1 to {_LONGEST_ID} printable characters; got {value[:40]!r}")
    return value


def _payload(message: Message) -> str:
    """The message as JSON text, without what no database or wire takes (lone surrogates)."""
    if isinstance(message, str):
        message = message[:_LONGEST_KEPT].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return MESSAGE.dump_json(message).decode()
