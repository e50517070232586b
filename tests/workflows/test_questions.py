from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growqr_workflows.questions import NeedTextError, NoSuchQuestionError, edit
from growqr_workflows.service.models import OutlineItem

OUTLINE = [OutlineItem(question=f"Q{n}?", topic=f"t{n}") for n in range(1, 6)]


def edited(ops, texts=()):
    return [q.question for q in edit(OUTLINE, ops, list(texts))]


@pytest.mark.parametrize(
    ("ops", "texts", "expected"),
    [
        ([], ["A?", "B?"], ["A?", "B?"]),
        ([{"op": "swap", "at": 2, "to": 3}], [], ["Q1?", "Q3?", "Q2?", "Q4?", "Q5?"]),
        ([{"op": "drop", "at": 4}], [], ["Q1?", "Q2?", "Q3?", "Q5?"]),
        ([{"op": "drop", "at": 1}, {"op": "drop", "at": 2}], [], ["Q3?", "Q4?", "Q5?"]),
        ([{"op": "move", "at": 5, "to": 1}], [], ["Q5?", "Q1?", "Q2?", "Q3?", "Q4?"]),
        ([{"op": "move", "at": 1, "to": -1}], [], ["Q2?", "Q3?", "Q4?", "Q5?", "Q1?"]),
        ([{"op": "replace", "at": 2}], ["New?"], ["Q1?", "New?", "Q3?", "Q4?", "Q5?"]),
        ([{"op": "add"}], ["New?"], ["Q1?", "Q2?", "Q3?", "Q4?", "Q5?", "New?"]),
        ([{"op": "add", "at": 1}], ["New?"], ["New?", "Q1?", "Q2?", "Q3?", "Q4?", "Q5?"]),
        ([{"op": "drop", "at": -1}], [], ["Q1?", "Q2?", "Q3?", "Q4?"]),
    ],
)
def test_edits_work_on_the_present_outline(ops, texts, expected):
    assert edited(ops, texts) == expected


def test_kept_questions_keep_their_topic():
    kept = edit(OUTLINE, [{"op": "drop", "at": 1}], [])
    assert [q.topic for q in kept] == ["t2", "t3", "t4", "t5"]


@pytest.mark.parametrize("ops", [[], [{"op": "replace", "at": 2}], [{"op": "add"}]])
def test_a_missing_text_is_asked_for(ops):
    with pytest.raises(NeedTextError):
        edit(OUTLINE, ops, [])


def test_a_question_that_is_not_there_cannot_be_edited():
    with pytest.raises(NoSuchQuestionError):
        edit(OUTLINE, [{"op": "drop", "at": 9}], [])


@given(st.permutations([1, 2, 3, 4, 5]))
def test_moves_and_swaps_lose_no_question(order):
    ops = [{"op": "swap", "at": a, "to": b} for a, b in pairwise(order)]
    assert sorted(edited(ops)) == [f"Q{n}?" for n in range(1, 6)]
