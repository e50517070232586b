"""How much work a message is, counted in function calls: the same on any machine, however busy it is."""

from __future__ import annotations

import cProfile
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from growqr_router import Context, Router
from growqr_router.learned import Learned

MESSAGES = Path(__file__).parents[2] / "fixtures" / "messages" / "independent.jsonl"
MOST = 1450
"""Calls per message. Lower it when the router gets quicker; what raises it must be worth it (docs/performance.md)."""


def work(router, text, context=None):
    """Calls of Python and C functions that one decision takes when what can be remembered is."""
    route = partial(router.route, text, context or Context())
    route()
    profile = cProfile.Profile()
    profile.runcall(route)
    return sum(entry.callcount for entry in profile.getstats())


def mean_work(router):
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()[:100]]
    counted = [work(router, row["text"], Context(state=row["context"]["state"])) for row in rows]
    return sum(counted) / len(counted)


def test_a_message_is_no_more_work_than_it_was(default):
    assert mean_work(default) < MOST


class Forgetful(dict):
    """Works everything out again: the deliberate slow-down."""

    def __init__(self, function):
        self._function = function

    def __missing__(self, key):
        return self._function(key)


def test_the_guard_sees_what_is_no_longer_remembered(default, monkeypatch):
    spell = next(stage for stage in default._reading if stage.name == "spell")
    before = work(default, "plese set up a mock intervew for a nurse")
    monkeypatch.setattr(spell, "mend", spell._mend)
    assert work(default, "plese set up a mock intervew for a nurse") > before


def test_the_guard_fails_when_words_are_read_again_in_each_message(default, monkeypatch):
    monkeypatch.setattr(default._tokeniser, "_runs", Forgetful(default._tokeniser._read_run))
    assert mean_work(default) > MOST


def test_a_hundred_times_as_many_phrases_are_half_as_much_work_again_at_most(library):
    def more(phrases, times):
        return [f"{phrase} extra{n}" for phrase in phrases for n in range(times)]

    def grown(times):
        concepts = {
            name: concept.model_copy(update={"phrases": [*concept.phrases, *more(concept.phrases, times)]})
            for name, concept in library.concepts.items()
        }
        return Router(replace(library, concepts=concepts, folder=None), Learned.nothing(library))

    text = "please renew my book and tell me when the library is open tomorrow"
    assert work(grown(100), text) <= 1.5 * work(grown(0), text)


def test_work_grows_with_the_length_of_a_message_and_no_faster(default):
    sentence = "please set up a mock interview for a nurse at Stripe and then fix my CV. "
    assert work(default, 240 * sentence) <= 4.5 * work(default, 60 * sentence)


PARTS = ["'", "a ", "- ", "1 ", "no ", "interview ", "a-", "Of The ", "? ", "x@y.z ", '"a" ', "\n"]


@pytest.mark.parametrize("part", PARTS)
def test_no_text_of_one_part_repeated_is_more_than_linear(default, part):
    short, long = (part * (length // len(part)) for length in (4_000, 16_000))
    assert work(default, long) <= 5 * work(default, short)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=300))
def test_no_text_is_much_more_work_than_its_length_calls_for(default, text):
    calls = work(default, text)
    target(calls / (len(text) + 20))
    assert calls <= 4_000 + 150 * len(text)
