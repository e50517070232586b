"""Every operation x every outcome of the service, generated from the operation table: told plainly, state kept."""

from __future__ import annotations

import itertools

import httpx
import pytest

from growqr_router import Router
from growqr_testkit.sandbox import FaultRule, Sandbox, sandbox_token
from growqr_workflows import Agent, InterviewService, Principal, ServiceSettings
from growqr_workflows.service import OPERATIONS

DRAFT = "mock interview for a welder at Hyundai, show me the plan first"
ASSIGN = "assign a technical interview for nurse to a@x.io"
# Operation -> (role, what was said before, what is said now, the state after success).
SAID = {
    "preview": ("seeker", [], DRAFT, "draft"),
    "regenerate": ("seeker", [DRAFT], "make it harder", "draft"),
    "configure": ("seeker", [], "start a mock interview for a welder right now", "approved"),
    "edit_questions": ("seeker", [DRAFT], 'use only this question: "Why welding?"', "edited"),
    "approve": ("seeker", [DRAFT], "approve it", "approved"),
    "review": ("seeker", [], "show me the review of session sess_9c41ab", "none"),
    "leaderboard": ("seeker", [], "show me the interview leaderboard", "none"),
    "artifact": ("seeker", [], "download the video recording of session sess_9c41ab", "none"),
    "upload_url": ("seeker", [], "I want to upload the recording of session sess_9c41ab", "none"),
    "video_uploaded": ("seeker", [], "I have uploaded the video of session sess_9c41ab", "none"),
    "create_assignments": ("admin", [], ASSIGN, "none"),
    "list_assignments": ("seeker", [], "list my assigned interviews", "none"),
    "unassign": ("admin", [ASSIGN], "unassign a@x.io", "none"),
    "results_bulk": ("admin", [], "get the results of assignments asg_1 and asg_2", "none"),
}
FAULTS = [("503", False), ("404", False), ("422", False), ("403", False), ("timeout", False), ("timeout", True),
          ("malformed", False), ("malformed", True)]  # fmt: skip
KINDS = {"503": "unavailable", "404": "not_found", "422": "rejected", "403": "forbidden", "malformed": "malformed"}


class Talk:
    def __init__(self, store, role, *script):
        self.sandbox = Sandbox(script=list(script))
        self.sandbox.add_session("sess_9c41ab", ("u1", "o1"), artifacts=["session_video"])
        self.sandbox.set_leaderboard("o1", [{"name": "Ilse V.", "overall_score": 90}])
        self.me = Principal(user_id="u1", org_id="o1", email="me@x.io", role=role)
        headers = {"Authorization": f"Bearer {sandbox_token('u1', 'o1', role, 'me@x.io')}"}
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.sandbox.app), base_url="http://s", headers=headers
        )
        service = InterviewService(client, settings=ServiceSettings(timeout=0.1, attempts=2, backoff=0))
        ids = itertools.count()
        self.agent = Agent(Router.default(), service, store, ids=lambda: f"k{next(ids)}")
        self.numbers = itertools.count()

    async def say(self, text):
        return await self.agent.handle("c1", self.me, f"m{next(self.numbers)}", text)

    def sent(self, operation):
        """The distinct calls of an operation: all attempts of one call share a key."""
        about = [c for c in self.sandbox.calls if c.method == operation.method and operation_of(c) == operation.name]
        return len({c.key for c in about}), len(about)


def operation_of(call):
    wanted = [o.name for o in OPERATIONS.values() if matches(o, call)]
    if wanted == ["preview", "regenerate"]:
        return "regenerate" if (call.body or {}).get("draft_session_id") else "preview"
    return wanted[0]


def matches(operation, call):
    parts, given = operation.path.split("/"), call.path.split("/")
    same = len(parts) == len(given) and all(p == g or p.startswith("{") for p, g in zip(parts, given, strict=True))
    return operation.method == call.method and same


async def prepared(store, name, *script):
    role, before, now, _ = SAID[name]
    talk = Talk(store, role, *script)
    for text in before:
        await talk.say(text)
    return talk, (await talk.agent.state("c1", talk.me)).state, now


def test_there_is_a_path_for_every_operation():
    assert set(SAID) == set(OPERATIONS)


@pytest.mark.parametrize("name", SAID)
async def test_a_success_moves_the_state_and_answers(store, name):
    talk, _, now = await prepared(store, name)
    answer = await talk.say(now)
    assert (answer.outcome.kind, answer.state) == ("answer", SAID[name][3])
    assert [call.operation for call in answer.calls] == [name]


@pytest.mark.parametrize(("fault", "applied"), FAULTS)
@pytest.mark.parametrize("name", SAID)
async def test_a_failure_is_told_and_changes_no_state(store, name, fault, applied):
    operation = OPERATIONS[name]
    nth = [2] if name == "regenerate" else [1]
    talk, state, now = await prepared(
        store, name, FaultRule(f"{operation.method} {operation.path}", nth, [], fault, applied)
    )
    answer = await talk.say(now)
    told = answer.outcome.error
    missing_artifact = name == "artifact" and fault == "404"
    assert (answer.state, answer.outcome.kind) == (state, "error")
    expected = ("unknown" if operation.method == "POST" else "unavailable") if fault == "timeout" else KINDS[fault]
    assert told.kind == expected
    assert told.operation == name
    assert missing_artifact or "couldn't" in answer.text or "can't" in answer.text or "didn't" in answer.text
    calls, attempts = talk.sent(operation)
    assert calls == 1
    assert attempts == 1 or operation.retry == "safe"


@pytest.mark.parametrize(("fault", "applied"), FAULTS)
@pytest.mark.parametrize("name", SAID)
async def test_trying_again_ends_where_success_does(store, name, fault, applied):
    """Whatever failed first; and an assignment that was made all the same is not made twice."""
    operation = OPERATIONS[name]
    nth = [2] if name == "regenerate" else [1]
    talk, _, now = await prepared(
        store, name, FaultRule(f"{operation.method} {operation.path}", nth, [], fault, applied)
    )
    await talk.say(now)
    answer = await talk.say("try again")
    assert answer.outcome.kind == "answer", answer.text
    assert answer.state == SAID[name][3]
    if name == "create_assignments":
        assert talk.sandbox.effects()["assignments_created"] == 1
    if name in ("preview", "configure") and fault in ("timeout", "malformed"):
        assert "second session" in answer.text


async def test_a_lookup_that_fails_leaves_the_assignment_as_unknown_as_it_was(store):
    """Asked again twice: the first time the service cannot be asked what became of it, the second time it can."""
    path = OPERATIONS["create_assignments"].path
    script = FaultRule(f"POST {path}", [1], [], "timeout", applied=True), FaultRule(f"GET {path}", [1], [], "503")
    talk = Talk(store, "admin", *script)
    assert (await talk.say(ASSIGN)).outcome.error.kind == "unknown"
    assert (await talk.say("try again")).outcome.error.operation == "list_assignments"
    assert (await talk.say("try again")).outcome.reply == "assigned_already"
    assert talk.sandbox.effects()["assignments_created"] == 1
