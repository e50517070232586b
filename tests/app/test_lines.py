from __future__ import annotations

import json

import pytest

from growqr_app.lines import route_lines
from growqr_router import Decision, UnknownContextError
from growqr_router.decision import PackRef


class Echo:
    """A router that answers with the text and context it was given, in the slots."""

    def route(self, text, context):
        """Return what went in."""
        if context.state not in ("", "none", "draft"):
            raise UnknownContextError("state", context.state, ("none", "draft"))
        return Decision(
            route="interview",
            intent="help",
            slots={"text": text, "state": context.state, "role": context.role},
            spans={},
            cues=(),
            confidence=0.5,
            abstained=False,
            stage="template",
            reason="exact_template",
            alternatives=(),
            also=(),
            evidence=(),
            pack=PackRef("echo", "1", "0"),
        )


def answers(*lines):
    return [json.loads(line) for line in route_lines(lines, Echo())]


def test_each_line_gets_one_answer_in_order():
    got = answers(b'{"text": "a"}\n', b'{"text": "b"}\r\n', b'{"text": "c"}')
    assert [answer["slots"]["text"] for answer in got] == ["a", "b", "c"]


def test_context_reaches_the_router():
    (got,) = answers(b'{"text": "a", "context": {"state": "draft", "role": "admin"}}')
    assert (got["slots"]["state"], got["slots"]["role"]) == ("draft", "admin")


def test_other_keys_come_back_and_the_decision_wins():
    (got,) = answers('{"id": "x-1", "tags": ["plain", "é"], "text": "a", "route": "resume"}'.encode())
    assert (got["id"], got["tags"], got["route"]) == ("x-1", ["plain", "é"], "interview")
    assert "text" not in got
    assert "context" not in got


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "bad_json"),
        (b"", "bad_json"),
        (b"[1]", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"text": "a", "n": NaN}', "bad_json"),
        (b'{"text": "\xff"}', "bad_encoding"),
        (b"{}", "bad_text"),
        (b'{"text": 3}', "bad_text"),
        (b'{"text": "a", "context": 3}', "bad_context"),
        (b'{"text": "a", "context": {"state": "open"}}', "bad_context"),
        (b'{"text": "a", "context": {"state": null}}', "bad_context"),
        (b'{"text": "a", "context": {"stat": "draft"}}', "bad_context"),
    ],
)
def test_a_bad_line_gets_an_error_with_its_number_and_the_rest_go_on(line, code):
    first, bad, last = answers(b'{"text": "a"}', line, b'{"text": "c"}')
    assert (bad["line"], bad["error"]["code"]) == (2, code)
    assert (first["slots"]["text"], last["slots"]["text"]) == ("a", "c")


def test_a_bad_context_keeps_the_id_and_names_what_is_allowed():
    (got,) = answers(b'{"id": 7, "text": "a", "context": {"state": "open"}}')
    assert got["id"] == 7
    assert "none, draft" in got["error"]["message"]


def test_a_byte_order_mark_and_a_lone_surrogate_do_no_harm():
    (got,) = answers(b'\xef\xbb\xbf{"id": "\\ud800", "text": "a"}')
    assert (got["id"], got["slots"]["text"]) == ("\ud800", "a")


def test_lines_are_answered_before_the_next_one_is_read():
    read = []

    def lines():
        for line in (b'{"text": "a"}', b'{"text": "b"}'):
            read.append(line)
            yield line

    next(route_lines(lines(), Echo()))
    assert len(read) == 1
