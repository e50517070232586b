"""Workers that die at every boundary of every transition: no turn lost, nothing that may not be repeated sent twice."""

import asyncio
import logging
import multiprocessing

import pytest

from growqr_testkit.reliability import worker
from growqr_testkit.reliability.worker import Delivery, Plan
from growqr_testkit.sandbox import Sandbox, serve
from growqr_testkit.sandbox.tokens import read_token
from growqr_workflows import ClientEvent, Principal
from growqr_workflows.service import OPERATIONS

_LOG = logging.getLogger(__name__)
LEASE = 0.6
PLAN_FIRST = "mock interview for a welder at Hyundai, show me the plan first"
ASSIGN = "assign a behavioral interview for loan officer to a{n}@x.io"
# name -> role, the turns before, the turn in which workers die, operation of its call
TRANSITIONS = {
    "preview": ("seeker", [], PLAN_FIRST, "preview"),
    "configure": ("seeker", [], "start a mock interview for a welder right now, no preview", "configure"),
    "regenerate": ("seeker", [PLAN_FIRST], "make it harder", "regenerate"),
    "edit": ("seeker", [PLAN_FIRST], 'replace question 1 with "Why welding?"', "edit_questions"),
    "approve": ("seeker", [PLAN_FIRST], "approve it", "approve"),
    "launch": ("seeker", [PLAN_FIRST, "approve it"], "start", None),
    "live": ("seeker", [PLAN_FIRST, "approve it", "start"], ClientEvent("session_live"), None),
    "review": ("seeker", [PLAN_FIRST, "approve it", "start", ClientEvent("session_live")], "show my review", "review"),
    "cancel": ("seeker", [PLAN_FIRST], "cancel this", None),
    "assign": ("admin", [], ASSIGN, "create_assignments"),
    "unassign": ("admin", [ASSIGN], "unassign a{n}@x.io", "unassign"),
}
STATES = {"draft": "draft", "edited": "draft", "approved": "configured", "live": "configured"}


@pytest.fixture(scope="module")
def context():
    """A process that has loaded the pack once and forks workers."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([worker.__name__])
    return context


def die(context, plan, delivery):
    """Let a worker die over a delivery; whether it did."""
    ours, theirs = context.Pipe()
    process = context.Process(target=worker.run, args=(plan, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        ours.send((1, delivery))
        died = not ours.poll(20) or isinstance(ours.recv(), str)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        died = True
    ours.close()
    process.join(20)
    return died


def delivered(name, point, number, message):
    role, *_ = TRANSITIONS[name]
    me = Principal(user_id=f"u{point}", org_id="o1", email=f"me{point}@x.io", role=role)
    message = message.format(n=point) if isinstance(message, str) else message
    return Delivery(f"{name}-{point}", me, f"m{number}", message)


@pytest.mark.parametrize("name", TRANSITIONS)
async def test_a_worker_may_die_anywhere(name, db, context):
    _, before, now, operation = TRANSITIONS[name]
    sandbox = Sandbox()
    with serve(sandbox) as url:
        plan = Plan(db, url, lease=LEASE, grace=0.05)
        last = len(before)

        async def say(agent, point, number, message):
            d = delivered(name, point, number, message)
            return await agent.handle(d.conversation_id, d.principal, d.message_id, d.message)

        point, deaths = 0, []
        async with worker.agent_for(plan) as agent:
            while True:
                point += 1
                for number, message in enumerate(before):
                    await say(agent, point, number, message)
                # With a long grace it leaves alone what those before it have left.
                dying = Plan(db, url, lease=LEASE, grace=60, die_at=point + OPENING)
                if not await asyncio.to_thread(die, context, dying, delivered(name, point, last, now)):
                    break
                deaths.append(point)
            assert len(deaths) >= (11 if operation and OPERATIONS[operation].method == "POST" else 6)
            for point in deaths:
                answer = await say(agent, point, last, now)
                assert await say(agent, point, last, now) == answer
                await consistent(agent, sandbox, name, point, answer, operation)
            _LOG.info("%s on %s: %d crash points survived", name, "postgres" if "://" in db else "sqlite", len(deaths))


OPENING = 3
"""Boundaries of the query for abandoned turns with which a worker starts; dying there touches nothing."""


async def consistent(agent, sandbox, name, point, answer, operation):
    me = delivered(name, point, 0, "").principal
    calls = [c for c in sandbox.calls if user_of(c) == me.user_id and c.method == "POST"]
    if operation and OPERATIONS[operation].retry != "safe":
        path = OPERATIONS[operation].path
        assert sum(c.path == path for c in calls) <= 1, point
    snapshot = await agent.state(f"{name}-{point}", me)
    if answer.outcome.kind == "error":
        assert answer.outcome.error.kind == "unknown"
        assert "can't confirm" in answer.text
        assert snapshot.failed is not None
        return
    if snapshot.session is not None and name != "cancel":
        kept = sandbox.service.sessions[snapshot.current]
        assert STATES[snapshot.state] == ("configured" if kept.configured else "draft")
        assert (snapshot.state == "edited") == kept.edited


def user_of(call):
    return read_token(call.headers["authorization"].removeprefix("Bearer ")).user_id
