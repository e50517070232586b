from __future__ import annotations

import pytest

EDIT = "draft.edit_questions"


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("use these: 1. Why nursing? 2. Tell me about nights.", ["Why nursing?", "Tell me about nights."]),
        ('add "What would you change here?" at the end', ["What would you change here?"]),
        ("change question 3 to How do you calm a parent?", ["How do you calm a parent?"]),
        ("only these please. Why us? Why now?", ["Why us?", "Why now?"]),
        ("these: Why nursing? / Tell me about a shift.", ["Why nursing?", "Tell me about a shift."]),
        ("add one question, why did you leave", ["why did you leave"]),
        ("please include another question - what is a bain marie", ["what is a bain marie"]),
        ("One more question: What is a lien? Please put it at the end.", ["What is a lien?"]),
        ("ask these: Why us? Tell me about a bad day. Thank you!", ["Why us?", "Tell me about a bad day."]),
        ("my own: why do you fish; how do you mend a net", ["why do you fish", "how do you mend a net"]),
    ],
)
def test_questions_that_are_given(slots, text, questions):
    assert slots(text, EDIT).get("questions") == questions


@pytest.mark.parametrize(
    "text",
    [
        'drop the one "Where do you see yourself in five years?"',
        "reorder them: 3, 1, 2",
        "i do not get the last question, why is it there",
    ],
)
def test_questions_that_are_only_meant(slots, text):
    assert "questions" not in slots(text, EDIT)


@pytest.mark.parametrize(
    ("text", "ops"),
    [
        ("swap 2 and 3", [{"op": "swap", "at": 2, "to": 3}]),
        ("drop question 4", [{"op": "drop", "at": 4}]),
        ("delete the last one", [{"op": "drop", "at": -1}]),
        ("move question 5 to the top", [{"op": "move", "at": 5, "to": 1}]),
        ('replace number 2 with "Why us?"', [{"op": "replace", "at": 2}]),
        ("drop the second of them", [{"op": "drop", "at": 2}]),
        ("drop question two", [{"op": "drop", "at": 2}]),
        ("add one question, why did you leave", [{"op": "add"}]),
        ("add 2 questions about knives", [{"op": "add"}]),
        ("drop 4 and swap 1 and 2", [{"op": "drop", "at": 4}, {"op": "swap", "at": 1, "to": 2}]),
    ],
)
def test_edits_by_number(slots, text, ops):
    assert slots(text, EDIT)["question_ops"] == ops


@pytest.mark.parametrize("text", ["drop two questions", "drop 2 questions", "remove one of them"])
def test_how_many_is_not_which(slots, text):
    assert "question_ops" not in slots(text, EDIT)


def test_a_list_of_ones_own_is_no_edit_by_number(slots):
    assert "question_ops" not in slots("use mine instead: 1) what do you drop first 2) how do you swap shifts", EDIT)
