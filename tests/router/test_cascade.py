from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import pytest

from growqr_router import Budget, Cascade, CascadeError

SURE = SimpleNamespace(abstained=False, name="sure")
UNSURE = SimpleNamespace(abstained=True, name="unsure")


def sure(text, context):
    return SURE


def unsure(text, context):
    return UNSURE


def failing(text, context):
    raise ConnectionError("rate limited")


def slow(text, context):
    time.sleep(0.3)
    return SURE


async def sure_async(text, context):
    return SURE


async def slow_async(text, context):
    await asyncio.sleep(5)


def test_a_sure_first_router_saves_the_call_to_the_second():
    cascade = Cascade(sure, failing)
    routed = cascade.route("hello")
    assert (routed.decision, routed.by, routed.first, routed.then) == (SURE, "first", "answered", None)
    assert (cascade.counters.asked, cascade.counters.saved, cascade.counters.by_first) == (1, 1, 1)


def test_an_abstaining_first_router_hands_on():
    routed = Cascade(unsure, sure).route("hello")
    assert (routed.decision, routed.by, routed.first, routed.then) == (SURE, "then", "abstained", "answered")


def test_the_first_guess_stands_when_the_second_fails():
    cascade = Cascade(unsure, failing)
    routed = cascade.route("hello")
    assert (routed.decision, routed.by, routed.then) == (UNSURE, "first", "error")
    assert cascade.counters.errors == 1


@pytest.mark.parametrize(("first", "why"), [(failing, "error"), (slow, "timeout")])
def test_costly_first_falls_back_when_it_fails_or_is_slow(first, why):
    routed = Cascade(first, sure, deadline=0.05).route("hello")
    assert (routed.decision, routed.by, routed.first) == (SURE, "then", why)


def test_an_exhausted_budget_goes_to_the_rules_and_refills_with_time(router):
    now = [0.0]
    cascade = Cascade(sure, router, budget=Budget(calls=1, seconds=60), clock=lambda: now[0])
    assert cascade.route("renew the book").by == "first"
    assert cascade.route("renew the book").first == "budget"
    now[0] = 61.0
    assert cascade.route("renew the book").by == "first"
    assert cascade.counters.over_budget == 1


def test_neither_answering_is_an_error():
    with pytest.raises(CascadeError):
        Cascade(failing, failing).route("hello")


async def test_async_members_are_awaited_and_sync_ones_run_beside():
    assert (await Cascade(unsure, sure_async).route_async("hello")).decision is SURE
    assert (await Cascade(slow_async, sure, deadline=0.05).route_async("hello")).first == "timeout"


async def test_cancellation_passes_through():
    task = asyncio.create_task(Cascade(slow_async, sure).route_async("hello"))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
