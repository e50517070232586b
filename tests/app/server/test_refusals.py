"""A refusal says which field, what was wrong and what is allowed, in the product's own words."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("/v1/route", {"text": 3}, {"field": "text", "message": "must be a text"}),
        ("/v1/route", {}, {"field": "text", "message": "is missing"}),
        ("/v1/route", [], {"field": "body", "message": "must map keys to values"}),
        (
            "/v1/route",
            {"text": "a", "contxt": {}},
            {"field": "contxt", "message": "is not a known key", "allowed": ["context", "text"]},
        ),
        (
            "/v1/route",
            {"text": "a", "context": {"stat": "draft"}},
            {
                "field": "context.stat",
                "message": "is not a known key",
                "allowed": ["state", "role", "last_intent", "expects", "draft"],
            },
        ),
        (
            "/v1/conversations/c/events",
            {"kind": "session_lives"},
            {
                "field": "kind",
                "message": "is not allowed",
                "allowed": ["session_live", "session_ended", "video_uploaded"],
            },
        ),
        (
            "/v1/chat/completions",
            {"model": "interview_en", "messages": [{"role": "user", "content": 3}]},
            {"field": "messages.0.content", "message": "must be a text or must be a list"},
        ),
    ],
)
def test_a_body_that_breaks_the_contract(open_server, path, body, error):
    answer = open_server.post(path, json=body)
    assert (answer.status_code, answer.json()["errors"]) == (422, [error])


@pytest.mark.parametrize(
    ("path", "body", "field", "begins"),
    [
        ("/v1/route", {"context": {"state": "drafts"}}, "context.state", "'drafts' is not known to this pack"),
        ("/v1/route", {"context": {"role": "amin"}}, "context.role", "'amin' is not known to this pack"),
        ("/v1/why-not", {"wanted": "helps"}, "wanted", "'helps' is no intent or route of this pack"),
        ("/v1/route", {"context": {"state": "x" * 9000}}, "context.state", f"'{'x' * 80}' is not known to this pack"),
    ],
)
def test_a_name_that_there_is_not_is_told_back(open_server, path, body, field, begins):
    (error,) = open_server.post(path, json={"text": "a", **body}).json()["errors"]
    assert (error["field"], error["message"]) == (field, begins)
    assert error["allowed"]
