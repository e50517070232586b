"""Two server processes on one PostgreSQL serve one conversation as one would."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from growqr_testkit.sandbox import Sandbox, sandbox_token
from growqr_testkit.sandbox import serve as serve_sandbox

GROWQR = str(Path(sys.executable).with_name("growqr"))
PLAN = "mock interview for a nurse, plan first"


@contextlib.contextmanager
def started(**settings):
    """A server in a process of its own, which is told to stop at the end and does so with exit code 0."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GROWQR_")}
    environment |= {f"GROWQR_{name.upper()}": value for name, value in settings.items()}
    command = [GROWQR, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
            assert process.returncode == 0, said


def client(process):
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return httpx.Client(base_url=found[0], timeout=60)
    raise AssertionError("the server did not start")


@pytest.fixture
def sandbox():
    return Sandbox(latency=0.05)


@pytest.fixture
def servers(postgres, sandbox):
    """Clients of two servers that share a database and a service."""
    with serve_sandbox(sandbox) as url, contextlib.ExitStack() as stack:
        token = sandbox_token("user_local", "org_local")
        shared = {"db": postgres.database("two_servers"), "service_url": url, "service_token": token}
        processes = [stack.enter_context(started(**shared)) for _ in range(2)]
        yield [stack.enter_context(client(process)) for process in processes]


def test_one_conversation_at_two_servers(servers, sandbox):
    def say(number, text, message_id):
        body = {"text": text, "message_id": message_id}
        answer = servers[number % 2].post("/v1/conversations/shared/messages", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    with ThreadPoolExecutor(8) as pool:
        # The same message at both at once: one answer, one session.
        same = list(pool.map(lambda n: say(n, PLAN, "m1"), range(4)))
        assert all(answer == same[0] for answer in same)
        # Different messages at both at once: each is answered, one after the other.
        asked = list(pool.map(lambda n: say(n, "where do we stand?", f"status-{n}"), range(8)))
        assert {answer["state"] for answer in asked} == {"draft"}
    assert say(0, "make it harder", "m2")["outcome"]["difficulty"] == "hard"
    assert say(1, "approve it", "m3")["state"] == "approved"
    assert say(0, "approve it", "m3") == say(1, "approve it", "m3")
    views = [server.get("/v1/conversations/shared").json() for server in servers]
    assert views[0] == views[1]
    assert (views[0]["state"], views[0]["turns"], len(views[0]["sessions"])) == ("approved", 11, 1)
    assert sandbox.effects() == {"sessions_created": 1, "sessions_approved": 1, "assignments_created": 0}
