"""The format beside playing: messages for the router alone, what lint sees, the JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from growqr_router import Router
from growqr_rules import RulesError, load_pack
from growqr_testkit.golden import load_conversations, load_goldens, run_message
from growqr_testkit.golden.lint import lint
from growqr_testkit.golden.schema import golden_schema

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "schemas" / "golden.schema.json"


@pytest.fixture(scope="module")
def pack():
    return load_pack()


@pytest.fixture
def write(tmp_path):
    def work(text, name="x.golden.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return work


@pytest.mark.parametrize(
    ("expected", "keys"),
    [
        ("route: interview, intent: draft.regenerate, slots: {difficulty: hard}, abstained: false", []),
        ("intent: [help, draft.regenerate]", []),
        ("route: resume, intent: null", ["route", "intent"]),
        ("slots: {difficulty: easy}", ["slots"]),
        ("abstained: true", ["abstained"]),
        ("route: resume, alt: [draft.regenerate]", []),
        ("route: resume, alt: [{route: general}]", ["route"]),
    ],
)
def test_a_message_is_held_against_the_router(write, expected, keys):
    (message,) = load_goldens([write(f"messages:\n  - {{text: harder, context: {{state: draft}}, {expected}}}\n")])
    result = run_message(message, router=Router.default())
    assert [d.key for d in result.differences] == keys
    assert {d.line for d in result.differences} <= {2}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("messages: [{text: hi}]\n", "says what is expected"),
        (
            "messages: [{text: hi, route: general, rote: x}]\n",
            "messages.0.rote: is not a known key. Allowed: route, id, text",
        ),
        ("messages: [{text: hi, route: general}, {text: hi, route: general}]\n", "the name 'hi' stands at"),
        ("messages: []\n", "holds no golden conversation and no message"),
        ("messages: 3\n", "messages"),
        ("messages: [{text: hi, route: general}]\nmore: 1\n", "more: is not a known key"),
    ],
)
def test_unusable_messages_are_told(write, text, told):
    with pytest.raises(RulesError) as caught:
        load_goldens([write(text)])
    assert told in str(caught.value)


def test_bad_lines_of_jsonl_are_told_with_their_number(write):
    path = write('{"text": "hi", "route": "general"}\n\n{"text": "hi"}\nnonsense\n', "x.golden.jsonl")
    with pytest.raises(RulesError) as caught:
        load_goldens([path])
    assert [(p.line, p.code) for p in caught.value.problems] == [(3, "R004"), (4, "R002")]


WRONG = """\
- name: one
  role: admin
  service:
    - {on: "POST /api/v1/configure/previw", fault: "503"}
    - {on: "POST /api/v1/configure", turns: [2], fault: "503"}
    - {on: "POST /api/v1/configure"}
    - {on: GET review, applied: true}
  turns:
    - user: "hi {sesion_id}"
      expect:
        route: intervew
        intent: [help, practice.prevew]
        state: drafted
        slots: {role: nurse}
        calls:
          - {method: POST, path: /api/v1/nowhere, body_includes: {x: {$contain: [y]}}}
        reply_must_mention: ["{question:1}", ["{strenght:1}"], 're:x{2}y{a}']
    - event: session_live
      expect: {route: interview}
  totals: [{method: GET, path: /api/v1/configure, count: 0}]
- name: two
  turns: [{user: hi}]
"""


def test_lint_sees_every_name_that_is_not_there(write, pack):
    _, problems = lint([write(WRONG)], pack)
    assert [(p.line, p.key) for p in sorted(problems, key=lambda p: (p.line, p.key))] == [
        (4, "0.service.0.on"),
        (5, "0.service.1.turns"),
        (6, "0.service.2"),
        (7, "0.service.3.applied"),
        (9, "0.turns.0.user"),
        (11, "0.turns.0.expect.route"),
        (12, "0.turns.0.expect.intent"),
        (13, "0.turns.0.expect.state"),
        (14, "0.turns.0.expect.slots.role"),
        (16, "0.turns.0.expect.calls.0.body_includes.x.$contain"),
        (16, "0.turns.0.expect.calls.0.path"),
        (17, "0.turns.0.expect.reply_must_mention.1.0"),
        (19, "0.turns.1.expect.route"),
        (20, "0.totals.0.path"),
        (22, "1.turns"),
    ]


def test_lint_tells_format_errors_and_wrong_names_at_once(write, pack):
    bad = "- name: one\n  turn: 1\n  turns: [{user: hi}]\n- name: two\n  turns: [{user: hi, expect: {state: x}}]\n"
    _, problems = lint([write(bad), Path("nowhere.yaml")], pack)
    assert {p.code for p in problems} == {"R004", "G104", "R001"}


def test_lint_has_nothing_to_say_about_the_goldens_of_this_project(pack):
    goldens, problems = lint([ROOT / "fixtures" / "conversations", ROOT / "app" / "growqr_app" / "demo.yaml"], pack)
    assert (len(goldens) > 70, problems) == (True, [])


def test_the_committed_schema_is_that_of_the_models():
    """Written by `growqr golden schema > docs/schemas/golden.schema.json`."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == golden_schema()


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("{name: x, _any: 1, turns: [{user: hi, _why: y, expect: {intent: null}}]}", True),
        ("[{name: x, turns: [{user: hi, expects: {}}]}]", False),
        ("{messages: [{text: hi, route: general}]}", True),
        ("{messages: [{text: hi, rout: general}]}", False),
    ],
)
def test_the_schema_knows_the_keys(text, valid):
    assert jsonschema_rs.validator_for(golden_schema()).is_valid(yaml.safe_load(text)) is valid


def test_the_schema_takes_the_goldens_of_this_project():
    validator = jsonschema_rs.validator_for(golden_schema())
    for path in sorted((ROOT / "fixtures" / "conversations").glob("*.yaml")):
        assert [e.message for e in validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))] == []
        assert load_conversations([path])
