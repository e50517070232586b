"""Other agents answer in the conversation; one that is not there or fails is told plainly."""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

FOR_RESUME = "update my resume please"
PLAN = "mock interview for a nurse, plan first"


@contextlib.contextmanager
def agent(status=200, body=None):
    """An agent that answers everything like this; its address, and what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((dict(self.headers), json.loads(content)))
            answer = json.dumps({"reply": "Your resume is better now."} if body is None else body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/answer", asked
        server.shutdown()
        thread.join()


def say(server, text, message_id, conversation="c"):
    body = {"text": text, "message_id": message_id}
    return server.post(f"/v1/conversations/{conversation}/messages", json=body).json()


def test_the_agents_answer_comes_back_and_is_kept(serve_with):
    with agent() as (url, asked), serve_with(handoff={"resume": {"url": url, "token": "t0"}}) as server:
        plan = say(server, PLAN, "m1")
        answer = say(server, FOR_RESUME, "m2")
        assert say(server, FOR_RESUME, "m2") == answer
        assert say(server, "approve", "m3")["state"] == "approved"
    ((headers, body),) = asked
    assert headers["Authorization"] == "Bearer t0"
    assert headers["Idempotency-Key"]
    assert body == {
        "message": FOR_RESUME,
        "context": {
            "state": "draft",
            "session_id": plan["outcome"]["session_id"],
            "target_role": "nurse",
            "company_name": None,
        },
        "conversation_id": "c",
        "user": {"user_id": "user_local", "org_id": "org_local", "role": "seeker"},
    }
    assert "Your resume is better now." in answer["reply"]
    assert answer["outcome"]["kind"] == "handoff"
    assert [(c["operation"], c["path"], c["status"]) for c in answer["calls"]] == [("handoff.resume", "/answer", 200)]


def test_a_route_without_an_agent_is_told_plainly(open_server):
    answer = say(open_server, FOR_RESUME, "m1", "nobody")
    assert "none is connected here" in answer["reply"]
    assert answer["outcome"]["handoff"]["message"] == FOR_RESUME


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (503, {}, "unavailable"),
        (401, {}, "forbidden"),
        (404, {}, "not_found"),
        (422, {}, "rejected"),
        (200, {}, "malformed"),
        (200, {"reply": ""}, "malformed"),
        (200, [], "malformed"),
    ],
)
def test_an_agent_that_fails_is_told_and_changes_nothing(serve_with, status, body, kind):
    with agent(status, body) as (url, _), serve_with(handoff={"resume": {"url": url}}) as server:
        say(server, PLAN, "m1")
        before = server.get("/v1/conversations/c").json()
        answer = say(server, FOR_RESUME, "m2")
        after = server.get("/v1/conversations/c").json()
    assert "could not reach it just now" in answer["reply"]
    assert (answer["outcome"]["kind"], answer["outcome"]["error"]["kind"]) == ("error", kind)
    assert after == {**before, "turns": 2}


def test_an_agent_that_is_not_there_or_late_is_told(serve_with):
    late = threading.Event()

    class Hanging(BaseHTTPRequestHandler):
        def do_POST(self):
            late.wait(5)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hanging) as hanging:
        threading.Thread(target=hanging.serve_forever, args=(0.01,), daemon=True).start()
        endpoints = {
            "resume": {"url": "http://127.0.0.1:9/"},
            "qscore": {"url": f"http://127.0.0.1:{hanging.server_port}", "timeout": 0.2},
        }
        with serve_with(handoff=endpoints) as server:
            said = [say(server, FOR_RESUME, "m1"), say(server, "what is my q score", "m2")]
        late.set()
        hanging.shutdown()
    assert [answer["outcome"]["error"]["kind"] for answer in said] == ["unavailable", "unknown"]
