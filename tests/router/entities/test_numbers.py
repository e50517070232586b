from __future__ import annotations

import pytest

from growqr_router import Context, Router


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("a 10 minute mock for a nurse", 10),
        ("twenty minutes please", 15),
        ("half an hour with Emma", 15),
        ("quarter of an hour, chef", 15),
        ("90 seconds is all I have", 5),
        ("about 12-ish mins", 10),
        ("5-10 mins would do", 10),
        ("10 no 15, nurse", 15),
        ("a quick mock interview", 5),
        ("the full thing please", 15),
        ("make it 5", 5),
        ("7min mock", 5),
        ("no more than five minutes", 5),
    ],
)
def test_lengths_are_snapped_to_those_on_offer(slots, text, minutes):
    assert slots(text).get("duration_minutes") == minutes


@pytest.mark.parametrize(
    "text",
    [
        "I have 15 years' experience as a nurse",
        "ask me 5 questions",
        "my interview is at 2 pm",
        "level 5 engineer mock",
        "a salary of 10k",
        "my bus is in 6 minutes",
        "my son, 16, baker",
    ],
)
def test_other_numbers_are_no_lengths(slots, text):
    assert "duration_minutes" not in slots(text)


def test_what_was_asked_is_kept_beside_what_is_on_offer():
    _, spans = Router.default().slots("mock for a nurse, 20 minutes", "practice.preview")
    assert [span.requested for span in spans["duration_minutes"]] == [20]


def test_a_bare_number_answers_the_question_for_the_length():
    context = Context(state="draft", expects="duration_minutes")
    assert Router.default().slots("10 then", "draft.regenerate", context)[0]["duration_minutes"] == 10


@pytest.mark.parametrize(("text", "limit"), [("top ten please", 10), ("show the best half dozen", 6), ("limit=8", 8)])
def test_limits(slots, text, limit):
    assert slots(text, "leaderboard.show")["limit"] == limit
