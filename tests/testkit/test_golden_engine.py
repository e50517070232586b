from __future__ import annotations

import time
from pathlib import Path

import pytest

from growqr_rules import RulesError
from growqr_testkit.golden import load_conversations, report_json, run_conversation
from growqr_testkit.golden.match import included
from growqr_testkit.golden.placeholders import Seen, fold, mentions

BASE = """
- name: one
  turns:
    - user: "mock interview for a welder job at Hyundai, questions first please"
      expect:
        {expect}
{rest}
"""


def load(tmp_path: Path, text: str):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    return load_conversations([path])


@pytest.mark.parametrize(
    ("expect", "key"),
    [
        ("route: resume", "route"),
        ("intent: help", "intent"),
        ("slots: {target_role: nurse}", "slots"),
        ("calls: []", "calls"),
        ("calls: [{method: POST, path: /api/v1/configure}]", "calls"),
        ("calls: [{method: POST, path: /api/v1/configure/preview, body_includes: {persona_id: john}}]", "calls"),
        ("calls: [{method: POST, path: /api/v1/configure/preview, body_excludes: [Hyundai]}]", "calls"),
        ("calls_never: [{method: POST, path: /api/v1/configure/preview}]", "calls_never"),
        ("state: approved", "state"),
        ("outcome: {kind: error}", "outcome"),
        ("abstained: true", "abstained"),
        ('handover: "/api/v1/session/x"', "handover"),
        ("reply_must_mention: [zebra]", "reply_must_mention"),
        ("reply_must_mention: [[zebra, giraffe]]", "reply_must_mention"),
        ('reply_must_not: ["{session_id}"]', "reply_must_not"),
    ],
)
async def test_every_kind_of_wrong_expectation_is_noticed(tmp_path, expect, key):
    (conversation,) = load(tmp_path, BASE.format(expect=expect, rest=""))
    result = await run_conversation(conversation)
    assert [d.key for d in result.differences] == [key]
    assert result.differences[0].line == 6


@pytest.mark.parametrize(
    ("rest", "key"),
    [
        ("  totals: [{method: POST, path: /api/v1/configure/preview, count: 2}]", "totals"),
        ("  effects: {sessions_created: 0}", "effects"),
    ],
)
async def test_wrong_totals_and_effects_are_noticed(tmp_path, rest, key):
    (conversation,) = load(tmp_path, BASE.format(expect="route: interview", rest=rest))
    result = await run_conversation(conversation)
    assert [d.key for d in result.differences] == [key]
    (told,) = report_json([result])["conversations"]
    assert (told["name"], told["passed"]) == ("one", False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- name: one\n  turns: [{user: hi, expects: {}}]\n", "turns.0.expects"),
        ("- name: one\n  turns: [{user: hi}]\n- name: one\n  turns: [{user: hi}]\n", "stands at"),
        ("- name: one\n  turns: []\n", "turns"),
        ("- name: one\n  turns: [{user: hi, event: session_live}]\n", "either"),
        ("- name: one\n  turns: [{user: hi, expect: {reply_must_not: ['re:(']}}]\n", "regular expression"),
        ("[]", "no golden conversation"),
    ],
)
def test_unusable_input_is_told_with_file_and_key(tmp_path, text, message):
    with pytest.raises(RulesError) as caught:
        load(tmp_path, text)
    assert message in str(caught.value)
    assert "x.yaml" in str(caught.value)


def test_keys_that_begin_with_an_underscore_are_ignored(tmp_path):
    (conversation,) = load(tmp_path, "- _note: x\n  name: one\n  turns: [{user: hi, _why: y}]\n")
    assert conversation.name == "one"


@pytest.mark.parametrize(
    ("expected", "got", "matches"),
    [
        ({"a": "X"}, {"a": "x", "b": 1}, True),
        ({"a": "x@y.io"}, {"a": "X@y.io"}, False),
        ({"a": [1, 2]}, {"a": [1, 2]}, True),
        ({"a": [1]}, {"a": [1, 2]}, False),
        ({"a": {"$absent": True}}, {}, True),
        ({"a": {"$absent": True}}, {"a": 1}, False),
        ({"a": {"$present": True}}, {"a": 1}, True),
        ({"a": {"$count": 2, "$contains": ["b"]}}, {"a": ["b", "c"]}, True),
        ({"a": {"$contains": ["z"]}}, {"a": ["b", "c"]}, False),
        ({"a": {"$excludes": ["b"]}}, {"a": ["b"]}, False),
        ({"a": {"$excludes": ["b"]}}, {}, True),
        ({"a": {"$contains": ["q"], "b": 1}}, {"a": {"b": 1, "c": "q"}}, True),
    ],
)
def test_bodies_are_deep_subsets_with_operators(expected, got, matches):
    assert included(expected, got) is matches


def test_a_bare_number_stands_alone():
    seen = Seen("u", "o")
    assert mentions(fold("It takes 5 minutes"), "5", seen)
    assert not mentions(fold("It takes 15 minutes"), "5", seen)
    assert not mentions(fold("session sess_c03e91"), "91", seen)


def test_a_placeholder_is_satisfied_by_text_topic_or_a_run_of_five_words():
    seen = Seen("u", "o")
    seen.take({"question_outline": [{"question": "How do you check a weld for cracks?", "topic": "inspection"}]})
    assert mentions(fold("About inspection."), "{question:1}", seen)
    assert mentions(fold("First: do you check a seam, then"), "{question:1}", seen) is False
    assert mentions(fold("First: do you check a weld for porosity"), "{question:1}", seen)
    assert not mentions(fold("anything"), "{question:2}", seen)


@pytest.mark.parametrize(
    ("rest", "key", "line"),
    [
        ("  fixtures:\n    sessions:\n      - {id: sess_unused}", "fixtures", 9),
        ("  fixtures:\n    assignments:\n      - {id: a1, email: x@y.io, role: R, round: warm_up}", "fixtures", 9),
        ("  fixtures: {leaderboard: [{name: Ilse V., overall_score: 90}]}", "fixtures", 7),
        ('  service:\n    - {"on": "GET review", statuses: [completed]}', "service", 8),
        ('  service:\n    - {"on": "POST /api/v1/configure/preview", nth: 2, fault: "503"}', "service", 8),
    ],
)
async def test_what_is_prepared_and_never_needed_is_a_difference_with_its_line(tmp_path, rest, key, line):
    (conversation,) = load(tmp_path, BASE.format(expect="route: interview", rest=rest))
    result = await run_conversation(conversation)
    assert [(d.turn, d.key, d.line) for d in result.differences] == [(0, key, line)]


async def test_a_fixture_that_an_expectation_names_is_needed(tmp_path):
    """A decoy: it is there so that the reply must not mention it."""
    rest = "  fixtures: {sessions: [{id: sess_decoy}]}"
    (conversation,) = load(tmp_path, BASE.format(expect="reply_must_not: [sess_decoy]", rest=rest))
    assert (await run_conversation(conversation)).passed


async def test_a_timeout_fault_takes_no_time_and_its_turns_are_on_record(tmp_path):
    rest = '  service: [{"on": "POST /api/v1/configure/preview", fault: timeout}]'
    (conversation,) = load(tmp_path, BASE.format(expect="state: none", rest=rest))
    started = time.perf_counter()
    result = await run_conversation(conversation)
    assert result.passed
    assert time.perf_counter() - started < 5
    (turn,) = result.turns
    assert (turn.number, turn.before, turn.answer.state) == (1, "none", "none")
    assert [call.path for call in turn.calls] == ["/api/v1/configure/preview"]
