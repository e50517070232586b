from __future__ import annotations

import pytest

from growqr_router.entities.words import Phrases, Sequences, singulars
from growqr_router.tokenise import Tokeniser


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("an HR round for a clerk", "interview_type", "behavioral"),
        ("system design for a backend dev", "interview_type", "coding"),
        ("technical round for an electrician", "interview_type", "role_related"),
        ("tell me about yourself practice", "interview_type", "warm_up"),
        ("anything but behavioral, a technical round then", "interview_type", "role_related"),
        ("challenge me, sales rep", "difficulty", "hard"),
        ("nothing too demanding, clerk", "difficulty", "easy"),
        ("my first ever interview, baker", "difficulty", "student"),
        ("mock for an audit intern", "difficulty", "student"),
        ("I'm nervous, nurse interview", "persona_id", "payal"),
        ("John instead of Emma please", "persona_id", "john"),
        ("an energetic interviewer, waiter", "persona_id", "kapil"),
        ("use the STAR method", "framework", "STAR"),
        ("audio only please, no video", "requested_mode", "voice"),
    ],
)
def test_words_map_to_values(slots, text, slot, value):
    assert slots(text).get(slot) == value


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("not John, anyone else", "persona_id"),
        ("let me see it in advance, clerk", "difficulty"),
        ("dealing with a difficult customer", "difficulty"),
        ("technical writer at Acme", "interview_type"),
        ("open the practice now", "interview_type"),
    ],
)
def test_negated_and_look_alike_words_map_to_nothing(slots, text, slot):
    assert slot not in slots(text)


def test_star_implies_behavioral_unless_a_type_is_stated(slots):
    assert slots("STAR answers, nurse")["interview_type"] == "behavioral"
    assert slots("STAR answers, coding round")["interview_type"] == "coding"


def test_two_statuses_mean_all(slots):
    assert slots("my open and completed interviews", "assignment.list")["status"] == "all"


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("quick", "a quick, short one", [(1, 2, "x")]),
        ("short one", "a quick, short one", [(3, 5, "x")]),
        ("short one", "one short", []),
        ("short ones", "a short one", [(1, 3, "x")]),
        ("quick _ one", "a quick, short one", [(1, 5, "x")]),
        ("quick _ one", "a quick, short thing", []),
    ],
)
def test_phrases_are_found_with_what_stands_between_their_words(phrase, text, found):
    tokeniser = Tokeniser()
    document = tokeniser(text)
    assert Phrases([("x", [phrase])], tokeniser).find(document, singulars(document)) == found


@pytest.mark.parametrize(
    ("words", "taken", "end"),
    [
        (("bank", "of", "india", "x"), set(), 3),
        (("bank", "of"), set(), 1),
        (("of", "india"), set(), 0),
        (("bank", "of", "india"), {2}, 0),
    ],
)
def test_the_longest_sequence_that_starts_here_is_found_or_none_where_some_of_it_is_taken(words, taken, end):
    assert Sequences([("bank",), ("bank", "of", "india")]).end(words, 0, taken) == end


def test_no_sequence_follows_the_last_word():
    assert not Sequences([("bank",), ()]).follow(("bank",), 1)
