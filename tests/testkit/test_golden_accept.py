"""What came, accepted into golden files: the wrong values change, and not a byte besides."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from growqr_testkit.golden import Player, load_goldens
from growqr_testkit.golden.accept import accept
from growqr_testkit.golden.flow import flow
from growqr_testkit.golden.spans import spans

CONVERSATION = """\
# ünïcode 🎉 and a comment stay
- name: one
  turns:
    - user: "mock interview for a welder job at Hyundai, questions first please"
      expect:
        {expect}
    # the end
"""


@pytest.fixture(scope="module")
def player():
    with Player() as made:
        yield made


@pytest.fixture
def accepted(tmp_path, player):
    """Accept what comes of one file: the lines that went and came, what is left, and what still differs after it."""

    def work(text, name="x.golden.yaml"):
        path = tmp_path / name
        path.write_bytes(text.encode())
        (file,) = accept(player.play_all(load_goldens([path])))
        path.write_bytes(file.after.encode())
        changed = [
            line.strip()
            for line in difflib.ndiff(file.before.splitlines(), file.after.splitlines())
            if line[:2] in ("- ", "+ ")
        ]
        rest = [d.key for result in player.play_all(load_goldens([path])) for d in result.differences]
        return changed, file.left, rest

    return work


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("route: resume  # why", "route: interview  # why"),
        ("intent: [help, cancel]", "intent: practice.preview"),
        ("state: 'live'", "state: draft"),
        ("abstained: true", "abstained: false"),
        ('handover: "/x"', "handover: null"),
        ("slots: {target_role: nurse, company_name: Hyundai}", "slots: {target_role: welder, company_name: Hyundai}"),
        ("slots: {difficulty: hard, target_role: welder}", "slots: {target_role: welder}"),
        ("slots: {target_role: welder, difficulty: hard}", "slots: {target_role: welder}"),
        ("slots: {status: all, target_role: welder, limit: 5, difficulty: hard}", "slots: {target_role: welder}"),
        ("outcome: {kind: error, persona_id: emma}", "outcome: {kind: answer, persona_id: emma}"),
        (
            "calls: [{method: POST, path: /api/v1/configure/preview, body_includes: {context: {difficulty: hard}}}]",
            "calls: [{method: POST, path: /api/v1/configure/preview, body_includes: {context: {difficulty: medium}}}]",
        ),
    ],
)
def test_a_wrong_value_is_changed_where_it_stands(accepted, before, after):
    changed, left, rest = accepted(CONVERSATION.format(expect=before))
    assert changed == [f"-         {before}", f"+         {after}"]
    assert (left, rest) == ([], [])


def test_calls_that_came_keep_their_text_and_comments(accepted):
    calls = """calls:
          - {method: GET, path: /api/v1/leaderboard}
          # the plan
          - method: POST  # as ever
            path: /api/v1/configure/preview"""
    changed, left, rest = accepted(CONVERSATION.format(expect=calls))
    assert changed == ["-           - {method: GET, path: /api/v1/leaderboard}"]
    assert (left, rest) == ([], [])


def test_calls_that_nobody_expected_are_written_with_placeholders(accepted):
    changed, left, rest = accepted(CONVERSATION.format(expect="calls: []"))
    assert len(changed) == 2
    assert changed[1].startswith(
        "+         calls: [{method: POST, path: /api/v1/configure/preview, body_includes: {user_id:"
    )
    assert '"{user_id}"' in changed[1]
    assert (left, rest) == ([], [])


def test_totals_and_effects_are_counted_again(accepted):
    text = CONVERSATION.format(expect="state: draft") + (
        "  totals:\n    - method: POST\n      path: /api/v1/configure/preview\n      count: 7  # so many\n"
        "  effects: {sessions_created: 3, sessions_approved: 0}\n"
    )
    changed, left, rest = accepted(text)
    assert changed == [
        "-       count: 7  # so many",
        "+       count: 1  # so many",
        "-   effects: {sessions_created: 3, sessions_approved: 0}",
        "+   effects: {sessions_created: 1, sessions_approved: 0}",
    ]
    assert (left, rest) == ([], [])


@pytest.mark.parametrize(
    ("expect", "left"),
    [
        ("reply_must_mention: [welder, zebra]", "reply_must_mention.1"),
        ("reply_must_not: [welder]", "reply_must_not.0"),
        ("calls_never: [{method: POST, path: /api/v1/configure/preview}]", "calls_never.0"),
        ("state: &state live", "state"),
        ("slots: {difficulty: hard}", "slots"),
    ],
)
def test_what_a_person_has_to_decide_is_left_and_told(accepted, expect, left):
    changed, told, rest = accepted(CONVERSATION.format(expect=expect))
    assert changed == []
    assert told == [(6, left)]
    assert rest == [left.partition(".")[0]]


def test_entries_of_a_block_are_taken_out_with_their_lines(accepted):
    slots = "slots:\n          difficulty: hard  # no\n          target_role: welder\n          limit: 5"
    changed, left, rest = accepted(CONVERSATION.format(expect=slots))
    assert changed == ["-           difficulty: hard  # no", "-           limit: 5"]
    assert (left, rest) == ([], [])


def test_the_projects_goldens_broken_everywhere_come_back_to_the_byte(tmp_path, player):
    """Each plain route, intent and state is made wrong; accepting what comes restores the files."""
    wrong = {"route": "general", "intent": "help", "state": "edited"}
    for original in sorted((Path(__file__).parents[2] / "fixtures" / "conversations").glob("*.yaml")):
        text = original.read_bytes().decode()
        broken = re.sub(r"(?m)^( +)(route|intent|state): [a-z_.]+$", lambda m: f"{m[1]}{m[2]}: {wrong[m[2]]}", text)
        path = tmp_path / original.name
        path.write_bytes(broken.encode())
        (file,) = accept(player.play_all(load_goldens([path])))
        assert broken != text
        assert file.left == []
        assert file.after == text


def test_line_ends_are_kept(accepted, tmp_path):
    text = CONVERSATION.format(expect="state: live").replace("\n", "\r\n")
    accepted(text)
    assert (tmp_path / "x.golden.yaml").read_bytes() == text.replace("state: live", "state: draft").encode()


def test_messages_are_accepted_in_yaml_and_in_jsonl(accepted):
    changed, _, rest = accepted("messages:\n  - {text: fix my resume, route: general}  # y\n")
    assert changed[1] == "+   - {text: fix my resume, route: resume}  # y"
    assert rest == []
    line = '{"text": "make it 🎉 harder", "context": {"state": "draft"}, "slots": {"difficulty": "%s"}}\n'
    changed, _, rest = accepted(f"\n{line % 'easy'}\n", "x.golden.jsonl")
    assert changed[1] == f"+ {line % 'hard'}".strip()
    assert rest == []


@pytest.mark.parametrize(
    "value", ["nurse", "a b", "yes", "12e5", "{x}", "a: b", "", " x", "é\n\t\u2028\x7f", "- x", "#x"]
)
def test_what_flow_writes_reads_as_the_same(tmp_path, value):
    path = tmp_path / "x.golden.yaml"
    path.write_text(f"messages: [{flow({'text': f'{value}.', 'slots': {'target_role': [value, 1, None]}})}]\n")
    (message,) = load_goldens([path])
    assert message.model.text == f"{value}."
    assert message.model.slots == {"target_role": [value, 1, None]}


def test_spans_know_where_each_value_ends():
    text = "a: [1, {b: ü}]  # c\nd:\n  - x: |\n      long\n  - *y\n"
    root = spans(text.replace("*y", "z"))
    assert [text[slice(s.start, s.end)] for s in (root.at(("a", 1, "b")), root.at(("a",)))] == ["ü", "[1, {b: ü}]"]
    assert root.at(("d", 7)) is None
