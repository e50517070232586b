"""What a store promises, on both databases."""

import asyncio
import json

import pytest

from growqr_workflows import Principal, open_store
from growqr_workflows.service import CallRecord
from growqr_workflows.snapshot import Snapshot
from growqr_workflows.store import (
    Answered,
    Claim,
    Conflict,
    Effect,
    Incoming,
    NotYours,
    Result,
    Stale,
    Unusable,
)

ME = Principal(user_id="u1", org_id="o1", email="me@x.io", name="Ilse")
OTHER = Principal(user_id="u2", org_id="o1")
LEASE, GRACE = 0.25, 0.1
EFFECT = Effect("k1", "preview", "hash", "prepare the plan")


@pytest.fixture
async def kept(db):
    async with open_store(db, lease=LEASE, grace=GRACE) as store:
        yield store


def message(number, text="hello", who=ME, conversation="c1"):
    return Incoming(conversation, who, f"m{number}", json.dumps(text))


def result(claim, answer="{}", **more):
    return Result(claim.snapshot, answer, **more)


async def done(store, number, answer="{}", **more):
    claim = await store.receive(message(number))
    await store.commit(claim, result(claim, answer, **more))


async def test_a_new_message_is_claimed_with_what_came_in(kept):
    claim = await kept.receive(message(1, "hé\u0000llo"))
    assert (claim.incoming.principal, json.loads(claim.incoming.payload)) == (ME, "hé\u0000llo")
    assert (claim.attempt, claim.interrupted, claim.snapshot.state) == (1, (), "none")


async def test_a_committed_turn_is_answered_again_and_its_snapshot_is_kept(kept):
    claim = await kept.receive(message(1))
    claim.snapshot.last_intent = "help"
    await kept.commit(claim, result(claim, '{"said": "hi"}'))
    assert await kept.receive(message(1)) == Answered('{"said": "hi"}')
    assert (await kept.read("c1", ME)).last_intent == "help"


async def test_the_same_id_with_other_content_is_a_conflict(kept):
    await done(kept, 1)
    with pytest.raises(Conflict, match="m1 was already sent"):
        await kept.receive(message(1, "something else"))


async def test_a_conversation_is_its_owners(kept):
    await done(kept, 1)
    with pytest.raises(NotYours):
        await kept.receive(message(2, who=OTHER))
    with pytest.raises(NotYours):
        await kept.read("c1", OTHER)
    assert (await kept.read("unknown", OTHER)).state == "none"


async def test_turns_wait_for_the_one_that_is_held_and_follow_in_the_order_of_arrival(kept):
    first = await kept.receive(message(1))
    assert [await kept.receive(message(n)) for n in (2, 3)] == [None, None]
    await kept.commit(first, result(first))
    assert await kept.receive(message(3)) is None
    second = await kept.receive(message(2))
    assert second.incoming.message_id == "m2"
    await kept.commit(second, result(second))
    assert (await kept.receive(message(3))).incoming.message_id == "m3"


async def test_conversations_do_not_wait_for_each_other(kept):
    await kept.receive(message(1))
    assert isinstance(await kept.receive(message(1, conversation="c2")), Claim)


async def test_a_worker_whose_lease_ran_out_can_do_nothing_more(kept):
    old = await kept.receive(message(1))
    await asyncio.sleep(LEASE + 0.05)
    new = await kept.receive(message(1))
    assert (new.token, new.attempt) == (old.token + 1, 2)
    for late in (kept.note(old, EFFECT), kept.renew(old), kept.commit(old, result(old, "late"))):
        with pytest.raises(Stale):
            await late
    await kept.release(old)
    assert await kept.receive(message(1)) is None
    await kept.commit(new, result(new, "in time"))
    assert await kept.receive(message(1)) == Answered("in time")


async def test_a_renewed_lease_holds(kept):
    claim = await kept.receive(message(1))
    for _ in range(4):
        await asyncio.sleep(LEASE / 2)
        await kept.renew(claim)
    assert await kept.receive(message(2)) is None


async def test_a_turn_that_its_worker_left_goes_to_the_next_message_after_the_grace(kept):
    left = await kept.receive(message(1))
    await kept.note(left, EFFECT)
    assert await kept.receive(message(2)) is None
    await asyncio.sleep(LEASE + GRACE + 0.05)
    claim = await kept.receive(message(2))
    assert (claim.incoming.message_id, claim.interrupted) == ("m1", (EFFECT,))


async def test_a_released_turn_is_begun_again_at_once(kept):
    claim = await kept.receive(message(1))
    await kept.release(claim)
    assert (await kept.receive(message(1))).attempt == 2


async def test_only_effects_whose_end_is_not_known_count_as_interrupted(kept):
    claim = await kept.receive(message(1))
    await kept.note(claim, EFFECT)
    await kept.note(claim, EFFECT)
    await kept.commit(claim, result(claim, effects={"k1": "done"}))
    claim = await kept.receive(message(2))
    assert claim.interrupted == ()
    exported = await kept.archive.export("u1")
    assert [e["status"] for e in exported["conversations"][0]["effects"]] == ["done"]


async def test_what_a_commit_leaves_open_is_recorded_as_unknown(kept):
    claim = await kept.receive(message(1))
    await kept.note(claim, EFFECT)
    await kept.commit(claim, result(claim))
    exported = await kept.archive.export("u1")
    assert [e["status"] for e in exported["conversations"][0]["effects"]] == ["unknown"]


async def test_a_repeated_commit_changes_nothing(kept):
    claim = await kept.receive(message(1))
    for answer in ("first", "second"):
        await kept.commit(claim, result(claim, answer, event={"n": 1}))
    assert await kept.receive(message(1)) == Answered("first")
    assert len([turn async for turn in kept.archive.turns("c1")]) == 1


async def test_a_withdrawn_message_is_forgotten_unless_it_was_begun(kept):
    held = await kept.receive(message(1))
    await kept.receive(message(2))
    await kept.withdraw(message(2))
    await kept.withdraw(message(1))
    await kept.commit(held, result(held))
    assert (await kept.receive(message(3))).incoming.message_id == "m3"


async def test_what_a_dead_worker_left_is_found(kept):
    await kept.receive(message(1, conversation="left"))
    held = await kept.receive(message(1, conversation="held"))
    assert await kept.abandoned() == []
    await asyncio.sleep(LEASE + GRACE + 0.05)
    await kept.release(held)
    assert await kept.abandoned() == ["left"]
    claim = await kept.take_over("left")
    assert (claim.attempt, claim.incoming.conversation_id) == (2, "left")
    assert await kept.take_over("left") is None
    assert await kept.take_over("nowhere") is None


async def test_turns_are_read_in_order_page_by_page(kept):
    for number in range(7):
        await done(kept, number, event={"n": number})
    assert [turn.data["n"] async for turn in kept.archive.turns(page=3)] == list(range(7))
    assert [turn.message_id async for turn in kept.archive.turns("c2")] == []


async def test_calls_are_kept_with_who_made_them(kept):
    record = CallRecord("preview", "POST", "/p", 200, 12.5, "ok", 1)
    await done(kept, 1, calls=[record])
    (call,) = await kept.archive.calls("u1", "o1")
    assert (call["operation"], call["outcome"], call["conversation_id"], call["status"]) == ("preview", "ok", "c1", 200)
    assert await kept.archive.calls("u1", "other") == []
    (same,) = await kept.archive.calls_of("c1")
    assert (same.message_id, same.operation, same.outcome, same.status) == (call["message_id"], "preview", "ok", 200)
    assert await kept.archive.calls_of("c2") == []


async def test_a_person_can_have_their_data_and_have_it_erased(kept):
    record = CallRecord("preview", "POST", "/p", 200, 12.5, "ok", 1)
    await done(kept, 1, '{"text": "hi"}', event={"text": "hello"}, calls=[record])
    other = await kept.receive(message(1, who=OTHER, conversation="c2"))
    await kept.commit(other, result(other))
    data = await kept.archive.export("u1")
    assert data["conversations"][0]["turns"][0]["answer"] == {"text": "hi"}
    assert (len(data["conversations"]), len(data["calls"])) == (1, 1)
    assert await kept.archive.erase("u1", "elsewhere") == 0
    assert await kept.archive.erase("u1") == 1
    assert await kept.archive.export("u1") == {"user_id": "u1", "conversations": [], "calls": []}
    assert len((await kept.archive.export("u2"))["conversations"]) == 1
    (call,) = await kept.archive.calls("(erased)")
    assert (call["operation"], call["conversation_id"]) == ("preview", "(erased)")


async def test_old_conversations_expire(kept):
    await done(kept, 1)
    assert await kept.archive.expire(60) == 0
    await asyncio.sleep(0.05)
    assert await kept.archive.expire(0.01) == 1
    assert (await kept.archive.export("u1"))["conversations"] == []


async def test_answering_drops_the_raw_message(kept, db):
    secret = "zebra-crossing-41"
    claim = await kept.receive(message(1, secret))
    await kept.commit(claim, result(claim))
    assert secret not in json.dumps(await kept.archive.export("u1"))


async def test_eight_programs_may_open_a_new_database_at_once(db):
    async def use(number):
        async with open_store(db) as store:
            return await store.receive(message(number, conversation=f"c{number}"))

    claims = await asyncio.gather(*(use(number) for number in range(8)))
    assert all(isinstance(claim, Claim) for claim in claims)


async def test_a_database_of_a_newer_program_is_refused(db):
    async with open_store(db) as store:
        await store._driver.transact(lambda tx: tx.run("UPDATE schema_version SET version = 99"))
    with pytest.raises(Unusable, match="schema 99"):
        async with open_store(db):
            pass


async def test_a_conversation_of_a_newer_program_is_refused_and_kept(kept):
    await done(kept, 1)
    newer = '{"version": 99, "future": true}'
    await kept._driver.transact(lambda tx: tx.run("UPDATE conversation SET snapshot = ?", newer))
    with pytest.raises(Unusable, match="version 99"):
        await kept.receive(message(2))
    with pytest.raises(Unusable, match="version 99"):
        await kept.read("c1", ME)


async def test_a_conversation_of_the_first_version_is_read(kept):
    """As the first program wrote it: what came later has a default."""
    first = {
        "version": 1,
        "sessions": {
            "s1": {"session_id": "s1", "state": "edited", "values": {"target_role": "welder"}, "edited": True}
        },
        "current": "s1",
    }
    await done(kept, 1)
    await kept._driver.transact(lambda tx: tx.run("UPDATE conversation SET snapshot = ?", json.dumps(first)))
    snapshot = await kept.read("c1", ME)
    assert (snapshot.state, snapshot.session.values["target_role"]) == ("edited", "welder")
    assert snapshot.version == Snapshot().version
