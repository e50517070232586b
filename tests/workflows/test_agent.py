"""The agent against the sandbox, over HTTP in process, with the router that ships."""

from __future__ import annotations

import asyncio
import itertools
import json
from pathlib import Path

import httpx
import pytest

from growqr_router import LONGEST_TEXT, Router
from growqr_testkit.sandbox import FaultRule, Sandbox, sandbox_token
from growqr_workflows import (
    Agent,
    ClientEvent,
    Conflict,
    InterviewService,
    NotYours,
    Outcome,
    Principal,
    ServiceSettings,
)
from growqr_workflows.service import (
    OPERATIONS,
    Forbidden,
    Interrupted,
    Malformed,
    NotFound,
    NotSignedIn,
    Rejected,
    Unavailable,
    UnknownOutcome,
)

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "outcome.schema.json"


class Talk:
    """A conversation in a test."""

    def __init__(self, store, *script, role="seeker"):
        self.sandbox = Sandbox(script=list(script))
        self.me = Principal(user_id="u1", org_id="o1", email="me@x.io", role=role)
        headers = {"Authorization": f"Bearer {sandbox_token('u1', 'o1', role, 'me@x.io')}"}
        transport = httpx.ASGITransport(self.sandbox.app)
        client = httpx.AsyncClient(transport=transport, base_url="http://s", headers=headers)
        settings = ServiceSettings(timeout=0.1, attempts=2, backoff=0)
        service = InterviewService(client, settings=settings)
        ids = itertools.count()
        self.agent = Agent(Router.default(), service, store, ids=lambda: f"k{next(ids)}")
        self.numbers = itertools.count()

    async def say(self, text, message_id=None):
        return await self.agent.handle("c1", self.me, message_id or f"m{next(self.numbers)}", text)

    async def drafted(self):
        return await self.say("mock interview for a welder at Hyundai, show me the plan first")

    @property
    def posts(self):
        return [call.path for call in self.sandbox.calls if call.method == "POST"]


async def test_a_message_becomes_a_decision_a_call_a_state_and_a_reply(store):
    talk = Talk(store)
    answer = await talk.drafted()
    assert (answer.decision.intent, answer.state) == ("practice.preview", "draft")
    assert [(c.method, c.path, c.status) for c in answer.calls] == [("POST", "/api/v1/configure/preview", 200)]
    assert answer.outcome.session_id in answer.text
    assert answer.outcome.config_origins["target_role"].origin == "stated"
    assert answer.outcome.config_origins["persona_id"].origin == "default"


async def test_a_senior_role_infers_values_and_says_so(store):
    answer = await Talk(store).say("mock interview for a senior welder, show me the plan first")
    assert (answer.outcome.persona_id, answer.outcome.difficulty, answer.outcome.duration_minutes) == (
        "john",
        "hard",
        15,
    )
    assert answer.outcome.config_origins["difficulty"].origin == "inferred"
    assert "I chose" in answer.text


async def test_the_same_message_id_is_answered_again_without_a_call(store):
    talk = Talk(store)
    first = await talk.say("mock interview for a welder, plan first", "m-a")
    assert await talk.say("mock interview for a welder, plan first", "m-a") == first
    assert len(talk.posts) == 1
    with pytest.raises(Conflict):
        await talk.say("something else", "m-a")


async def test_eight_deliveries_at_once_make_one_call(store):
    talk = Talk(store)
    answers = await asyncio.gather(*(talk.say("mock interview for a welder, plan first", "m-a") for _ in range(8)))
    assert len(talk.posts) == 1
    assert len({a.text for a in answers}) == 1


async def test_a_conversation_is_its_owners_alone(store):
    talk = Talk(store)
    await talk.drafted()
    other = Principal(user_id="u2", org_id="o1")
    with pytest.raises(NotYours):
        await talk.agent.handle("c1", other, "m9", "approve")
    with pytest.raises(NotYours):
        await talk.agent.state("c1", other)


@pytest.mark.parametrize("fault", ["503", "404", "422", "403", "timeout", "malformed"])
@pytest.mark.parametrize("applied", [False, True])
async def test_a_failed_call_leaves_the_state_and_is_told(store, fault, applied):
    talk = Talk(store, FaultRule("POST /api/v1/configure/approve", fault=fault, applied=applied))
    await talk.drafted()
    answer = await talk.say("approve it")
    assert (answer.state, answer.outcome.kind) == ("draft", "error")
    assert answer.outcome.error.operation == "approve"
    assert answer.outcome.handover is None


async def test_an_approval_of_unknown_outcome_can_be_sent_again(store):
    talk = Talk(store, FaultRule("POST /api/v1/configure/approve", nth=[1], fault="timeout", applied=True))
    await talk.drafted()
    assert (await talk.say("approve it")).outcome.error.kind == "unknown"
    assert (await talk.say("try again")).state == "approved"


async def test_a_configure_of_unknown_outcome_is_not_repeated_by_itself_and_a_repeat_warns(store):
    talk = Talk(store, FaultRule("POST /api/v1/configure", nth=[1], fault="timeout", applied=True))
    answer = await talk.say("start a mock interview for a welder right now")
    assert (answer.outcome.error.kind, talk.posts) == ("unknown", ["/api/v1/configure"])
    again = await talk.say("try again")
    assert (again.state, "second session" in again.text) == ("approved", True)


async def test_an_edit_of_unknown_outcome_is_settled_by_the_services_refusal(store):
    talk = Talk(store, FaultRule("POST /api/v1/configure/questions", nth=[1], fault="timeout", applied=True))
    await talk.drafted()
    await talk.say('replace question 1 with "Why welding?"')
    answer = await talk.say("try again")
    assert (answer.state, answer.outcome.reply) == ("edited", "edit_applied")


async def test_an_assignment_of_unknown_outcome_is_looked_up_before_it_is_sent_again(store):
    talk = Talk(
        store, FaultRule("POST /api/v1/interviews/assignments", nth=[1], fault="timeout", applied=True), role="admin"
    )
    await talk.say("assign a behavioral interview for loan officer to a@x.io")
    answer = await talk.say("try again")
    assert answer.outcome.reply == "assigned_already"
    assert talk.sandbox.effects()["assignments_created"] == 1


async def test_launch_comes_after_approval_and_live_after_the_clients_event(store):
    talk = Talk(store)
    await talk.drafted()
    await talk.say("approve it")
    answer = await talk.say("let's go live")
    assert answer.outcome.handover.path == f"/api/v1/session/{answer.outcome.session_id}"
    assert answer.state == "approved"
    assert (await talk.say(ClientEvent("session_live"))).state == "live"


async def test_a_hand_off_leaves_the_draft_as_it_is(store):
    talk = Talk(store)
    await talk.drafted()
    answer = await talk.say("rewrite my CV summary please")
    assert (answer.outcome.kind, answer.outcome.handoff.agent, answer.state) == ("handoff", "resume", "draft")


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("assign a behavioral interview for nurse to a@x.io", "refuse_admin"),
        ("change my interview score to 95", "refuse_fabricate"),
    ],
)
async def test_what_may_not_be_is_refused_before_any_call(store, text, reply):
    talk = Talk(store)
    answer = await talk.say(text)
    assert (answer.outcome.kind, answer.outcome.reply, talk.sandbox.calls) == ("refusal", reply, [])


async def test_a_message_that_is_too_long_is_told_with_the_limit_and_what_was_asked_is_asked_still(store):
    talk = Talk(store, role="admin")
    asked = await talk.say("assign a behavioral interview for loan officer")
    assert asked.outcome.kind == "question"
    answer = await talk.say("x" * (LONGEST_TEXT + 1))
    assert answer.text == (
        "That message is too long: I read up to 20,000 characters. "
        "I read none of it, and nothing was done; please send a shorter one."
    )
    assert (answer.outcome.reply, answer.outcome.handoff, answer.calls) == ("too_long", None, ())
    assert (await talk.say("a@x.io")).outcome.reply == "assigned"


async def test_a_cancelled_turn_leaves_the_conversation_usable(store):
    talk = Talk(store, FaultRule("POST /api/v1/configure/preview", nth=[1], fault="timeout"))
    task = asyncio.create_task(talk.say("mock interview for a welder, plan first"))
    await asyncio.sleep(0.03)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await talk.drafted()).state == "draft"


def test_every_reply_that_can_be_given_has_its_wording():
    replies = Router.default().pack.replies
    errors = [Unavailable, UnknownOutcome, Interrupted, Rejected, Forbidden, NotSignedIn, NotFound, Malformed]
    assert all(error("preview").reply in replies for error in errors)
    for status in ("completed", "processing", "failed", "not_eligible"):
        assert f"review_{status}" in replies
    for route in ("resume", "roleplay", "qscore", "general"):
        assert f"handoff_{route}" in replies
    for name in Router.default().pack.classes:
        assert f"option_{name}" in replies
    assert not any("perplexity" in text.lower() for text in replies.values())
    assert len(OPERATIONS) == 14


def test_the_committed_schema_of_the_outcome_is_current():
    assert json.loads(SCHEMA.read_text()) == Outcome.model_json_schema()
