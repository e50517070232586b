"""What the page asks for: the workflow, a conversation's record, a golden of it, a fault of the sandbox."""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from pathlib import Path

from growqr_app.held import held_in, redacted
from growqr_app.live import websocket_url
from growqr_app.playground.models import (
    ClassTold,
    Edge,
    FaultArmed,
    GoldenAnswer,
    PlaygroundView,
    SandboxAccess,
    TurnList,
    TurnView,
)
from growqr_app.server.asked import Asked
from growqr_app.server.conversations import own_conversation, using_store
from growqr_app.server.decisions import PackView
from growqr_app.server.models import Thresholds
from growqr_app.server.problems import ApiProblem, not_found
from growqr_router import Router
from growqr_rules import Pack
from growqr_testkit.golden import load_conversations, report_text, run
from growqr_testkit.golden.record import About, Held, NotPlayableError, record
from growqr_testkit.sandbox import sandbox_token
from growqr_workflows import WorkflowMachine
from growqr_workflows.store import Recorded

MOST_TURNS = 200
"""Of a conversation that is listed, or played again."""


async def describe(asked: Asked) -> PlaygroundView:
    """What the page is drawn from."""
    pack = asked.backend.router.pack
    edges = WorkflowMachine(pack.workflow).edges() if pack.workflow else ()
    return PlaygroundView(
        pack=PackView(name=pack.manifest.name, version=pack.manifest.version, hash=pack.hash),
        states=pack.manifest.states,
        edges=[Edge(source=source, target=target, transition=name) for source, target, name in edges],
        classes=[_class(pack, name) for name in pack.classes],
        thresholds=Thresholds.model_validate(pack.manifest.thresholds.model_dump()),
        sandbox=_access(asked),
    )


async def turns(asked: Asked) -> TurnList:
    """A conversation's last turns, in order."""
    conversation_id, _, _ = await own_conversation(asked)
    with using_store():
        last: deque[TurnView] = deque(maxlen=MOST_TURNS)
        async for turn in asked.backend.store.archive.turns(conversation_id):
            last.append(_turn(turn))
    return TurnList(turns=list(last))


async def golden(asked: Asked) -> GoldenAnswer:
    """Record a golden of a conversation and play it once. Worked out aside, so that nobody else waits."""
    conversation_id, _, _ = await own_conversation(asked)
    me = asked.principal
    with using_store():
        found = await held_in(asked.backend.store, conversation_id, About(asked.body.name, me.role, me.email, me.name))
    if found is None:
        raise not_found()
    if len(found[1].lines) > MOST_TURNS:
        raise ApiProblem(409, "too_long", f"A golden is made of at most {MOST_TURNS} turns.")
    try:
        return await asyncio.to_thread(_recorded, *found, asked.backend.router)
    except NotPlayableError as error:
        raise ApiProblem(409, "not_playable", f"No golden can be made of this: {error}.") from None


async def arm(asked: Asked) -> FaultArmed:
    """Let the sandbox's next call fail."""
    sandbox = asked.backend.sandbox
    if sandbox is None:
        raise not_found("sandbox")
    sandbox.fail_next(asked.body.fault)
    return FaultArmed(fault=asked.body.fault)


def _turn(turn: Recorded) -> TurnView:
    data = turn.data
    return TurnView(
        turn_id=turn.message_id,
        states=data["states"],
        text=data.get("text"),
        event=data.get("event"),
        context=data.get("context"),
    )


def _class(pack: Pack, name: str) -> ClassTold:
    intent = pack.intents.get(name)
    return ClassTold(name=name, says=intent.says if intent else "", effect=intent.effect if intent else "none")


def _access(asked: Asked) -> SandboxAccess | None:
    if asked.backend.sandbox is None:
        return None
    me = asked.principal
    address = websocket_url(str(asked.backend.client.base_url), "")
    return SandboxAccess(websocket=address, token=sandbox_token(me.user_id, me.org_id, me.role, me.email))


def _recorded(about: About, held: Held, router: Router) -> GoldenAnswer:
    recorded = asyncio.run(record(about, held, router=router))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{about.name}.yaml")
        file.write_text(recorded.text, encoding="utf-8")
        results = run(load_conversations([file]), router=router)
    note = redacted(held)
    return GoldenAnswer(
        file=file.name,
        yaml=recorded.text,
        holds=all(result.passed for result in results),
        report=report_text(results),
        notes=[*recorded.otherwise, *([note] if note else [])],
    )
