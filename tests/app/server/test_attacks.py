"""What a hostile client may try, and gets nothing from."""

from __future__ import annotations

import base64
import json
import socket
import time

import pytest

MESSAGE = {"text": "mock interview for a nurse, plan first", "message_id": "m1"}
ROUTE = {"text": "hello"}


def problem(answer, status):
    """The answer is a refusal in the one form, and tells nothing internal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["correlation_id"] == answer.headers["x-correlation-id"]
    assert not [word for word in ("Traceback", "growqr_", ".py", "Error(") if word in answer.text]
    return told


def part(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def unsigned(algorithm):
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part({'sub': 'u1', 'org': 'o1', 'exp': 10**10, 'iss': 'me'})}."


def test_no_token_and_nonsense_are_refused(guarded):
    for header in ({}, {"Authorization": "Bearer"}, {"Authorization": "Basic dTpw"}, {"Authorization": "Bearer x.y.z"}):
        answer = guarded.post("/v1/route", json=ROUTE, headers=header)
        problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS512", "ES256", ""])
def test_a_token_without_a_signature_of_ours_is_refused(guarded, algorithm):
    problem(guarded.post_as(unsigned(algorithm), "/v1/route", ROUTE), 401)


def test_the_public_key_is_no_secret_to_sign_with(guarded, public_pem):
    """The classic confusion: HS256 over the PEM that everybody may read."""
    import hashlib  # noqa: PLC0415 - only here
    import hmac  # noqa: PLC0415 - only here

    signed = f"{part({'alg': 'HS256'})}.{part({'sub': 'u1', 'org': 'o1', 'exp': 10**10, 'iss': 'me'})}"
    mac = base64.urlsafe_b64encode(hmac.digest(public_pem, signed.encode(), hashlib.sha256)).decode().rstrip("=")
    problem(guarded.post_as(f"{signed}.{mac}", "/v1/route", ROUTE), 401)


def test_forged_expired_and_foreign_tokens_are_refused(guarded, token):
    good = token(iss="me")
    head, _, mac = good.split(".")
    forged = f"{head}.{part({'sub': 'admin', 'org': 'o1', 'exp': 10**10, 'iss': 'me'})}.{mac}"
    refused = {
        "another payload": forged,
        "another key": token(key="another secret that is long enough for HS256", iss="me"),
        "expired": token(exp=int(time.time()) - 60, iss="me"),
        "never expires": token(exp=None, iss="me"),
        "not yet": token(nbf=int(time.time()) + 600, iss="me"),
        "another issuer": token(iss="you"),
        "no issuer": token(),
        "a key of its own": token(key="another secret that is long enough for HS256", header={"jwk": {}}, iss="me"),
        "too long": good + "A" * 9000,
    }
    for why, bad in refused.items():
        assert guarded.post_as(bad, "/v1/route", ROUTE).status_code == 401, why
    assert guarded.post_as(good, "/v1/route", ROUTE).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None},
        {"org": None},
        {"sub": ""},
        {"org": ["o1"]},
        {"role": "root"},
        {"email": {"a": 1}},
        {"sub": "u" * 201},
    ],
)
def test_a_token_that_does_not_say_whose_it_is_is_refused(guarded, token, claims):
    told = {"user": claims.pop("sub", "u1"), "org": claims.pop("org", "o1"), **claims}
    answer = guarded.post_as(token(iss="me", **told), "/v1/route", ROUTE)
    assert answer.status_code in (401, 403)


def test_a_conversation_of_somebody_else_looks_as_if_it_were_not_there(guarded, token):
    mine = token("owner", iss="me")
    assert guarded.post_as(mine, "/v1/conversations/mine/messages", MESSAGE).status_code == 200
    assert guarded.get_as(mine, "/v1/conversations/mine").status_code == 200
    for other in (token("thief", iss="me"), token("owner", "o2", iss="me"), token("thief", role="admin", iss="me")):
        answers = [
            guarded.get_as(other, "/v1/conversations/mine"),
            guarded.get_as(other, "/v1/conversations/nowhere"),
            guarded.post_as(other, "/v1/conversations/mine/messages", MESSAGE),
            guarded.post_as(other, "/v1/conversations/mine/messages", {**MESSAGE, "message_id": "m2"}),
            guarded.post_as(other, "/v1/conversations/mine/events", {"kind": "session_live"}),
        ]
        told = [problem(answer, 404) for answer in answers]
        assert len({(t["type"], t["title"], t["detail"]) for t in told}) == 1
    assert guarded.get_as(mine, "/v1/conversations/mine").json()["turns"] == 1


def test_a_session_of_somebody_else_is_not_shown(guarded, token):
    session = guarded.post_as(token("rich", iss="me"), "/v1/conversations/rich/messages", MESSAGE).json()["outcome"]
    asked = {"text": f"show me the review of session {session['session_id']}"}
    answer = guarded.post_as(token("thief", iss="me"), "/v1/conversations/thief/messages", asked).json()
    assert answer["outcome"]["error"]["kind"] in ("forbidden", "not_found")


def test_bodies_that_are_too_large_are_refused_early(guarded, token):
    headers = {"Authorization": f"Bearer {token(iss='me')}", "Content-Type": "application/json"}
    large = json.dumps({"text": "a" * 5000}).encode()
    problem(guarded.post("/v1/route", content=large, headers=headers), 413)
    problem(guarded.post("/v1/route", content=iter([large[:3000], large[3000:]]), headers=headers), 413)
    problem(guarded.post_as(token(iss="me"), "/v1/route:batch", {"items": [ROUTE] * 4}), 422)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"text": "\xff"}', b'{"text": NaN}', b'{"text": 1}',
        b'{"text": "\\ud800"}', b'{"text": "a", "constructor": 1}', b'{"text": "a", "context": {"role": "root"}}',
        b'{"text": "a", "context": {"state": 3}}', b'{"text":' + b"[" * 2000 + b"]" * 2000 + b"}",
    ],
)  # fmt: skip
def test_malformed_bodies_are_refused(guarded, token, body):
    headers = {"Authorization": f"Bearer {token(iss='me')}", "Content-Type": "application/json"}
    problem(guarded.post("/v1/route", content=body, headers=headers), 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_of_another_site_is_not_taken_for_json(guarded, token, kind):
    headers = {"Authorization": f"Bearer {token(iss='me')}", "Content-Type": kind}
    problem(guarded.post("/v1/route", content=b'{"text": "hello"}', headers=headers), 415)


@pytest.mark.parametrize("path", ["..%2f..%2fetc%2fpasswd", "a%0d%0aX-Evil:1", "a%00", "%20", "a" * 201, "-a", "é"])
def test_ids_that_are_none_are_refused(guarded, token, path):
    answer = guarded.get_as(token(iss="me"), f"/v1/conversations/{path}")
    assert answer.status_code in (404, 422)
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("told", ["a b", "x" * 65, "<script>", "ü", "a;b"])
def test_a_correlation_id_that_is_not_safe_is_replaced(guarded, told):
    answer = guarded.get("/healthz", headers={"X-Correlation-ID": told.encode()})
    assert answer.headers["x-correlation-id"].isalnum()


def test_a_message_id_cannot_be_told_twice_or_be_no_id(guarded, token):
    path, me = "/v1/conversations/ids/messages", token(iss="me")
    problem(guarded.post_as(me, path, MESSAGE, **{"Idempotency-Key": "another"}), 422)
    problem(guarded.post_as(me, path, {"text": "hello"}, **{"Idempotency-Key": "a b"}), 422)


def test_addresses_and_methods_that_are_none(guarded):
    problem(guarded.get("/v1/nothing"), 404)
    problem(guarded.get("/v1/route/../../etc/passwd"), 404)
    answer = guarded.put("/v1/route", json={})
    problem(answer, 405)
    assert answer.headers["allow"] == "POST"


def test_every_answer_carries_safe_headers_and_none_lets_other_sites_in(guarded):
    for answer in (guarded.get("/healthz"), guarded.get("/v1/nothing"), guarded.post("/v1/route", json=ROUTE)):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    answer = guarded.options(
        "/v1/route", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "server" not in answer.headers


def test_a_failure_inside_is_told_without_what_failed(guarded, token, monkeypatch):
    class Broken:
        async def state(self, *_):
            raise RuntimeError("password=hunter2 in growqr_app/x.py")

    monkeypatch.setattr(guarded.app.state.backend, "agent", Broken())
    assert problem(guarded.get_as(token(iss="me"), "/v1/conversations/c"), 500)["detail"].endswith("our side.")


def exchange(address, *pieces, pause=0.0):
    """What a raw connection gets until the server closes it."""
    with socket.create_connection(address, timeout=10) as raw:
        for piece in pieces:
            raw.sendall(piece)
            time.sleep(pause)
        received = b""
        while more := raw.recv(65536):
            received += more
        return received


HEAD = b"POST /v1/route HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def test_a_head_that_never_ends_is_cut_off(guarded):
    started = time.monotonic()
    assert exchange(guarded.address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b") == b""
    assert time.monotonic() - started < 5


def test_a_second_request_has_no_more_time_than_the_first(guarded):
    received = exchange(guarded.address, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /hea", pause=0.1)
    assert received.count(b"HTTP/1.1 200") == 1


def test_a_client_that_goes_on_with_too_large_a_body_gets_its_answer(guarded, token):
    """A connection that is closed on bytes that nobody read takes the answer with it."""
    head = HEAD + f"Authorization: Bearer {token(iss='me')}\r\nContent-Length: 5000\r\n\r\n".encode()
    received = exchange(guarded.address, head + b"a" * 100, b"a" * 2400, b"a" * 2500, pause=0.1)
    assert received.startswith(b"HTTP/1.1 413")


def test_a_body_that_is_far_too_large_is_not_waited_for(guarded, token):
    head = HEAD + f"Authorization: Bearer {token(iss='me')}\r\nContent-Length: 900000000\r\n\r\n".encode()
    assert exchange(guarded.address, head).startswith(b"HTTP/1.1 413")


def test_a_body_that_never_ends_is_cut_off(guarded, token):
    head = (
        HEAD + f"Authorization: Bearer {token(iss='me')}\r\nContent-Length: 100\r\nConnection: close\r\n\r\n".encode()
    )
    assert b" 408 " in exchange(guarded.address, head, b'{"text"').split(b"\r\n", 1)[0]


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01 nonsense\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\r\n folded: c\r\nBad Name: d\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 17_000,
    ],
)
def test_what_is_no_http_gets_a_refusal_in_the_same_form(guarded, request_):
    head, _, body = exchange(guarded.address, request_).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert json.loads(body)["status"] == 400


def test_without_authentication_only_loopback_names_are_answered(open_server):
    """A page of another site whose name was made to mean 127.0.0.1 does not get in."""
    problem(open_server.get("/healthz", headers={"Host": "evil.example"}), 400)
    for name in ("localhost:8080", "127.0.0.1", "[::1]:1"):
        assert open_server.get("/healthz", headers={"Host": name}).status_code == 200
