"""Turns that meet each other, are delivered twice, are cut off, or find another worker at it; on both databases."""

import asyncio
import itertools
import json
import logging

import httpx
import pytest

from growqr_router import Router
from growqr_testkit.sandbox import FaultRule, Sandbox, sandbox_token
from growqr_testkit.sandbox.faults import Script
from growqr_workflows import Agent, Busy, InterviewService, Principal, ServiceSettings, open_store
from growqr_workflows.store import Incoming, Unavailable

LEASE = 0.6
PLAN = "mock interview for a welder at Hyundai, show me the plan first"


class Place:
    """A store, a sandbox, and workers on them."""

    def __init__(self, store, *script, role="seeker", latency=0.0):
        self.store = store
        self.sandbox = Sandbox(script=list(script), latency=latency)
        self.me = Principal(user_id="u1", org_id="o1", email="me@x.io", role=role)
        self.ids = itertools.count()

    def worker(self, **options):
        headers = {"Authorization": f"Bearer {sandbox_token('u1', 'o1', self.me.role, 'me@x.io')}"}
        transport = httpx.ASGITransport(self.sandbox.app)
        client = httpx.AsyncClient(transport=transport, base_url="http://s", headers=headers)
        service = InterviewService(client, settings=ServiceSettings(timeout=2, attempts=2, backoff=0))
        return Agent(Router.default(), service, self.store, ids=lambda: f"k{next(self.ids)}", **options)

    async def say(self, worker, text, message_id):
        return await worker.handle("c1", self.me, message_id, text)

    def posts(self, path="/api/v1/configure/preview"):
        return sum(call.path == path for call in self.sandbox.calls)


@pytest.fixture
async def kept(db):
    Router.default().route("warm up")  # what the first message loads would hold the loop longer than the lease
    async with open_store(db, lease=LEASE, grace=0.1) as store:
        yield store


async def test_eight_turns_at_once_on_two_workers_keep_eight_effects_in_order_of_arrival(kept):
    place = Place(kept, role="admin", latency=0.02)
    workers = [place.worker(), place.worker()]
    said = [f"assign a behavioral interview for loan officer to a{n}@x.io" for n in range(8)]
    answers = await asyncio.gather(
        *(place.say(workers[n % 2], text, f"m{n}") for n, text in enumerate(said) for _ in range(3))
    )
    assert {a.outcome.reply for a in answers} == {"assigned"}
    assert len({a.text for a in answers}) == 8
    assert place.sandbox.effects()["assignments_created"] == 8
    assert place.posts("/api/v1/interviews/assignments") == 8
    (kept_conversation,) = (await kept.archive.export("u1"))["conversations"]
    arrived = [turn["message_id"] for turn in kept_conversation["turns"]]
    assert sorted(arrived) == [f"m{n}" for n in range(8)]
    assert [turn.message_id async for turn in kept.archive.turns("c1")] == arrived


async def cut_off(place, worker, text, message_id, path):
    """Cancel a turn whose call the service has carried out, before the answer arrives."""
    place.sandbox.script.rules.append(FaultRule(f"POST /api/v1/{path}", fault="timeout", applied=True))
    before = len(place.sandbox.calls)
    task = asyncio.create_task(place.say(worker, text, message_id))
    while len(place.sandbox.calls) == before:  # noqa: ASYNC110 - the sandbox tells nobody that it was called
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    place.sandbox.script = Script([])


async def test_a_call_that_was_cut_off_is_not_repeated_and_is_told_as_unknown(kept):
    place = Place(kept)
    worker = place.worker()
    await cut_off(place, worker, PLAN, "m1", "configure/preview")
    answer = await place.say(worker, PLAN, "m1")
    assert (answer.outcome.reply, answer.outcome.error.kind, answer.state) == ("error_interrupted", "unknown", "none")
    assert place.posts() == 1
    again = await place.say(worker, "try again", "m2")
    assert (again.state, "may be a second session" in again.text, place.posts()) == ("draft", True, 2)


async def test_a_call_that_may_be_repeated_is_sent_again_under_its_own_key(kept):
    place = Place(kept)
    worker = place.worker()
    await place.say(worker, PLAN, "m1")
    await cut_off(place, worker, "approve it", "m2", "configure/approve")
    answer = await place.say(worker, "approve it", "m2")
    assert answer.state == "approved"
    keys = {call.key for call in place.sandbox.calls if call.path.endswith("/approve")}
    assert len(keys) == 1


async def test_an_assignment_that_was_cut_off_is_looked_up(kept):
    place = Place(kept, role="admin")
    worker = place.worker()
    text = "assign a behavioral interview for loan officer to a@x.io"
    await cut_off(place, worker, text, "m1", "interviews/assignments")
    answer = await place.say(worker, text, "m1")
    assert answer.outcome.reply == "assigned_already"
    assert place.sandbox.effects()["assignments_created"] == 1


async def test_an_edit_that_was_cut_off_is_settled_by_asking_again(kept):
    place = Place(kept)
    worker = place.worker()
    await place.say(worker, PLAN, "m1")
    text = 'replace question 1 with "Why welding?"'
    await cut_off(place, worker, text, "m2", "configure/questions")
    told = await place.say(worker, text, "m2")
    assert (told.outcome.reply, told.state) == ("error_interrupted", "draft")
    assert (await place.say(worker, "try again", "m3")).outcome.reply == "edit_applied"


async def test_what_a_dead_worker_left_is_finished_and_told_with_the_next_answer(kept):
    place = Place(kept)
    await kept.receive(Incoming("c1", place.me, "m1", json.dumps(PLAN)))  # and its worker dies
    worker = place.worker()
    answer = await place.say(worker, "approve it", "m2")
    assert answer.text.startswith("Before that, an earlier message of yours was interrupted.")
    assert "Here is your draft interview" in answer.text
    assert answer.state == "approved"
    assert "Before that" not in (await place.say(worker, "what's the status?", "m3")).text


async def test_a_worker_that_starts_finishes_what_was_left(kept):
    place = Place(kept)
    await kept.receive(Incoming("c1", place.me, "m1", json.dumps(PLAN)))
    await asyncio.sleep(LEASE + 0.2)
    worker = place.worker()
    assert await worker.recover() == 1
    assert await worker.recover() == 0
    assert (await worker.state("c1", place.me)).state == "draft"
    assert "draft interview" in (await place.say(worker, PLAN, "m1")).text
    assert place.posts() == 1


async def test_a_worker_that_was_thought_dead_gives_the_answer_of_the_one_that_took_over(kept, monkeypatch):
    """The first worker's call takes longer than its lease and it does not renew: another one takes the turn over."""
    place = Place(kept, latency=LEASE + 0.4)
    slow, other = place.worker(), place.worker()

    async def no_renewal(claim):
        await asyncio.sleep(3600)

    monkeypatch.setattr(slow, "_renew", no_renewal)
    first = asyncio.create_task(place.say(slow, PLAN, "m1"))
    await asyncio.sleep(LEASE + 0.1)
    assert (await place.say(other, PLAN, "m1")).outcome.reply == "error_interrupted"
    assert (await first).outcome.reply == "error_interrupted"
    assert place.posts() == 1


async def test_a_long_call_keeps_its_lease(kept):
    place = Place(kept, latency=LEASE + 0.4)
    answers = await asyncio.gather(*(place.say(place.worker(), PLAN, "m1") for _ in range(2)))
    assert {a.state for a in answers} == {"draft"}
    assert place.posts() == 1


async def test_a_message_that_waits_too_long_is_given_back_and_not_acted_on_later(kept):
    place = Place(kept, latency=0.5)
    first = asyncio.create_task(place.say(place.worker(), PLAN, "m1"))
    await asyncio.sleep(0.1)
    with pytest.raises(Busy, match="send this one again"):
        await place.say(place.worker(patience=0.1), "approve it", "m2")
    assert (await first).state == "draft"
    assert (await place.say(place.worker(), "what's the status?", "m3")).state == "draft"


async def test_a_message_that_keeps_failing_is_answered_in_the_end(kept, monkeypatch):
    place = Place(kept)
    worker = place.worker()
    monkeypatch.setattr(worker._router, "route", lambda *_: 1 / 0)
    for _ in range(4):
        with pytest.raises(ZeroDivisionError):
            await place.say(worker, PLAN, "m1")
    answer = await place.say(worker, PLAN, "m1")
    assert (answer.outcome.reply, answer.outcome.error.kind) == ("gave_up", "gave_up")
    monkeypatch.undo()
    assert (await place.say(worker, PLAN, "m2")).state == "draft"


async def test_a_commit_that_fails_leaves_the_turn_to_the_next_delivery(kept, monkeypatch):
    place = Place(kept)
    worker = place.worker()

    async def refused(claim, result):
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(kept, "commit", refused)
        with pytest.raises(Unavailable):
            await place.say(worker, "what can you do?", "m1")
    assert (await place.say(worker, "what can you do?", "m1")).outcome.reply == "help"


@pytest.mark.parametrize("text", ["", "\u0000\ud800 \udfff", "\U0001f600" * 30_000, "a" * 25_000])
async def test_any_text_is_answered(kept, text):
    place = Place(kept)
    worker = place.worker()
    answer = await place.say(worker, text, "m1")
    assert await place.say(worker, text, "m1") == answer


@pytest.mark.parametrize("bad", ["", "x" * 201, "new\nline", "nul\u0000"])
async def test_ids_are_short_and_printable(kept, bad):
    place = Place(kept)
    with pytest.raises(ValueError, match="printable characters"):
        await place.worker().handle(bad, place.me, "m1", "hi")
    with pytest.raises(ValueError, match="printable characters"):
        await place.worker().handle("c1", place.me, bad, "hi")


async def test_nothing_personal_is_logged_and_the_record_is_redacted(kept, caplog):
    caplog.set_level(logging.DEBUG)
    place = Place(kept, role="admin")
    place.sandbox.add_session("sess_9c41ab", ("u1", "o1"), artifacts=["session_video"])
    worker = place.worker()
    ad = (
        "Job description:\nWelder (m/f/d)\nAbout us: Zanzibar Steelworks builds bridges.\nResponsibilities:\n"
        "- weld joints\n- read drawings\nRequirements:\n- 3 years of experience\npassword: hunter2hunter2"
    )
    said = [
        f"prepare me for this job, show the plan first\n\n{ad}",
        "assign a behavioral interview for loan officer to wilma.secret@x.io",
        "list the interviews assigned to wilma.secret@x.io",
        "download the video of session sess_9c41ab",
    ]
    for number, text in enumerate(said):
        await place.say(worker, text, f"m{number}")
    record = json.dumps([turn.data async for turn in kept.archive.turns()])
    token = sandbox_token("u1", "o1", "admin", "me@x.io")
    for secret in ("Zanzibar", "hunter2", "wilma.secret", token, "signature="):
        assert secret not in caplog.text
        assert secret not in record
    assert "person1@redacted.invalid" in record
    assert "turn m1 of c1" in caplog.text
