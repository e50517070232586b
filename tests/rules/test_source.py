from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from growqr_rules.source import Problem, parse_yaml, read_jsonl, read_models, validate


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    parts: list[Inner] = []


def parsed(text):
    problems: list[Problem] = []
    source = parse_yaml(text, "f.yaml", problems)
    return source, problems


def test_yes_no_on_and_off_are_words():
    source, _ = parsed("[yes, no, on, off, true, 5, 1.5, null, '5']")
    assert source.data == ["yes", "no", "on", "off", True, 5, 1.5, None, "5"]


def test_a_duplicate_key_is_named_with_its_line():
    _, problems = parsed("a: 1\nb: 2\na: 3\n")
    assert [(p.code, p.line, p.key) for p in problems] == [("R003", 3, "a")]


def test_broken_yaml_is_a_problem_with_its_line():
    _, problems = parsed("a: [1,\nb: }")
    assert problems[0].code == "R002"
    assert problems[0].line == 2


def test_every_wrong_field_is_told_with_line_key_and_what_is_allowed():
    source, problems = parsed("name: x\nparts:\n- size: big\n- {size: 1, color: red}\n")
    assert validate(Outer, source, problems) is None
    assert [(p.line, p.key) for p in problems] == [(3, "parts.0.size"), (4, "parts.1.color")]
    assert problems[1].allowed == ("size",)


def test_a_tag_makes_no_object():
    source, _ = parsed("!!python/object/apply:os.getcwd []")
    assert source.data == []


def test_an_anchor_is_read_where_it_is_used():
    source, problems = parsed("_a: &a {size: 1}\nb: *a\n")
    assert problems == []
    assert source.data["b"] == {"size": 1}


def test_nested_aliases_cannot_blow_up():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    _, problems = parsed("\n".join(lines))
    assert any("too large" in p.message for p in problems)


def test_bad_jsonl_lines_are_named_and_the_rest_is_read(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"a": 1}\nnope\n[1]\n{"a": 2}\n')
    problems: list[Problem] = []
    assert [row for _, row in read_jsonl(path, problems)] == [{"a": 1}, {"a": 2}]
    assert [p.line for p in problems] == [2, 3]


@pytest.mark.parametrize("text", ["a: 1\nb: 2\n", "[\n1,\n2]\n"])
def test_a_file_of_another_kind_is_one_problem(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    problems: list[Problem] = []
    assert list(read_models(Inner, path, problems)) == []
    told = f'{path}: [R002] is no JSONL: each line must be one JSON object, such as {{"size": "..."}}'
    assert [str(problem) for problem in problems] == [told]


def test_a_line_that_breaks_the_model_is_told_by_its_number(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"size": 1}\n{"siez": 2}\n')
    problems: list[Problem] = []
    assert list(read_models(Inner, path, problems)) == [(1, Inner(size=1))]
    assert [str(p).removeprefix(str(path)) for p in problems] == [
        ":2: [R004] size: is missing.",
        ":2: [R004] siez: is not a known key. Allowed: size.",
    ]


@given(st.text(max_size=200))
def test_no_text_makes_the_parser_raise(text):
    parsed(text)
