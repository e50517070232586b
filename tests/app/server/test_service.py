"""The interview-service learns whom a call is for, or is asked about nobody else's sessions."""

from __future__ import annotations

import httpx
import jwt
import pytest
from structlog.testing import capture_logs

from growqr_app.server.backend import open_backend
from growqr_app.server.service import credentials, tells_people_apart
from growqr_app.settings import load_settings
from growqr_testkit.sandbox import Sandbox, sandbox_token
from growqr_testkit.sandbox import serve as serve_sandbox
from growqr_workflows import Principal

URL = "http://service.example"
ME = Principal(user_id="u1", org_id="o1", role="admin", email="u@x.io")


def sent(settings):
    """What a call for a person carries."""
    auth = credentials(settings)(ME)
    return next(auth.auth_flow(httpx.Request("GET", URL))).headers["Authorization"].removeprefix("Bearer ")


def test_each_person_has_a_token_of_their_own():
    settings = load_settings(service_url=URL, service_secret="s" * 32, claim_org="tenant")
    claims = jwt.decode(sent(settings), "s" * 32, algorithms=["HS256"])
    assert {k: claims[k] for k in ("sub", "tenant", "role", "email")} == {
        "sub": "u1",
        "tenant": "o1",
        "role": "admin",
        "email": "u@x.io",
    }
    assert claims["exp"] - claims["iat"] == 300
    assert tells_people_apart(settings)


def test_one_token_for_all_tells_nobody_apart():
    settings = load_settings(service_url=URL, service_token="t0")
    assert sent(settings) == "t0"
    assert not tells_people_apart(settings)


@pytest.mark.parametrize(
    ("settings", "warnings"),
    [
        ({"service_url": "http://127.0.0.1:9"}, ["GROWQR_SERVICE_SECRET or GROWQR_SERVICE_TOKEN"]),
        ({"service_url": "http://127.0.0.1:9", "service_token": "t0"}, []),
        ({"service_url": "http://127.0.0.1:9", "service_secret": "s" * 32}, []),
        ({}, []),
    ],
)
async def test_a_server_whose_calls_carry_no_sign_in_says_so_at_its_start(settings, warnings):
    with capture_logs() as logged:
        async with open_backend(load_settings(**settings), many_people=False):
            pass
    assert [line["set"] for line in logged if line["log_level"] == "warning"] == warnings


def test_behind_one_token_only_sessions_of_the_conversation_are_asked_about(serve_with, secret, token):
    """The service would show the other session: to it, all calls are from the person whose token it is."""
    sandbox = Sandbox()
    sandbox.add_session("sess_0a1b2c3d4e", ("u1", "o1"))
    with serve_sandbox(sandbox) as url:
        shared = {"service_url": url, "service_token": sandbox_token("u1", "o1"), "jwt_secret": secret}
        with serve_with(**shared) as server:
            path, me = "/v1/conversations/c/messages", token()
            server.post_as(me, path, {"text": "mock interview for a nurse, plan first"})
            asked = len(sandbox.calls)
            other = server.post_as(me, path, {"text": "show me the review of session sess_0a1b2c3d4e"}).json()
            assert len(sandbox.calls) == asked
            assert server.post_as(me, path, {"text": "approve it"}).json()["state"] == "approved"
    assert other["outcome"]["error"] == {"kind": "not_found", "operation": "review", "retryable": False}
