"""What operators see and do: readiness, metrics, logs, traces, shutting down."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
import time

import httpx
import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from growqr_app.errors import UserError
from growqr_app.server import run
from growqr_app.server.logs import configure_logs
from growqr_app.server.metrics import Metrics
from growqr_app.server.problems import ApiProblem
from growqr_app.server.rate import RateLimit
from growqr_app.server.readiness import Readiness
from growqr_app.server.tracing import Tracing
from growqr_app.server.turns import Turns
from growqr_app.server.watching import Watch
from growqr_app.settings import load_settings
from growqr_router import Router
from growqr_testkit.sandbox import Sandbox, sandbox_token
from growqr_testkit.sandbox import serve as serve_sandbox
from growqr_workflows import Agent, InterviewService, Principal, open_store

PLAN = {"text": "mock interview for a nurse, plan first", "message_id": "m1"}


def test_it_is_not_ready_while_the_service_is_away(serve_with):
    with serve_with(service_url="http://127.0.0.1:9") as server:
        answer = server.get("/readyz")
        assert server.get("/healthz").status_code == 200
    assert answer.status_code == 503
    assert [error["field"] for error in answer.json()["errors"]] == ["service"]


async def test_asking_whether_it_is_ready_again_and_again_costs_the_service_nothing():
    sandbox, now = Sandbox(), [0.0]
    reached = []
    async with (
        httpx.AsyncClient(
            base_url="http://s",
            transport=httpx.ASGITransport(sandbox.app),
            event_hooks={"request": [_noted(reached)]},
        ) as client,
        open_store() as store,
    ):
        readiness = Readiness(store, client, clock=lambda: now[0])
        assert [await readiness.failing() for _ in range(5)] == [[]] * 5
        assert len(reached) == 1
        now[0] = 1.0
        await readiness.failing()
        assert len(reached) == 2


def _noted(reached):
    async def note(request):
        reached.append(request)

    return note


def test_turns_go_on_against_a_service_that_is_away_and_say_so(serve_with):
    with serve_with(service_url="http://127.0.0.1:9") as server:
        answer = server.post("/v1/conversations/c/messages", json=PLAN).json()
    assert (answer["outcome"]["kind"], answer["outcome"]["error"]["kind"]) == ("error", "unavailable")


def test_metrics_count_decisions_calls_turns_and_requests(open_server):
    open_server.post("/v1/conversations/counted/messages", json=PLAN)
    open_server.post("/v1/route", json={"text": "qwrt"})
    text = open_server.get("/metrics").text
    assert 'growqr_decisions_total{abstained="true",route="' in text
    assert 'growqr_calls_total{operation="preview",outcome="ok"}' in text
    assert 'growqr_turn_seconds_count{kind="answer"}' in text
    assert (
        'growqr_requests_total{endpoint="/v1/conversations/{conversation_id}/messages",method="POST",status="200"}'
        in text
    )
    assert f'growqr_rules{{hash="{Router.default().pack.hash}"' in text


def test_metrics_need_a_token_where_others_do(guarded, token):
    assert guarded.get("/metrics").status_code == 401
    assert guarded.get_as(token(iss="me"), "/metrics").status_code == 200


def test_metrics_can_be_made_public(serve_with, secret):
    with serve_with(jwt_secret=secret, metrics_public=True) as server:
        assert server.get("/metrics").status_code == 200
        assert server.get("/v1/rules").status_code == 401


@pytest.fixture
def logged():
    """Turns logging on as the server does, and reads what came out."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    out = io.StringIO()
    configure_logs(load_settings(), out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_logs_are_json_without_secrets_or_people(logged):
    log = structlog.get_logger("app")
    with structlog.contextvars.bound_contextvars(correlation_id="c-1"):
        log.warning("mail sam@x.io", authorization="Bearer abc", inner={"password": "p", "url": "https://a.io/x?sig=1"})
        logging.getLogger("library").warning("token=%s from %s", "s3cr3t-s3cr3t", ["kim@x.io"])
    mine, theirs = logged()
    assert (mine["event"], mine["authorization"]) == ("mail [e-mail]", "[removed]")
    assert mine["inner"] == {"password": "[removed]", "url": "https://a.io/x"}
    assert theirs["event"] == "token=[removed] from ['[e-mail]']"
    assert {entry["correlation_id"] for entry in (mine, theirs)} == {"c-1"}


def test_a_traceback_in_the_log_is_redacted_too(logged):
    try:
        int("sam@x.io")
    except ValueError:
        structlog.get_logger("app").exception("failed")
    (entry,) = logged()
    assert "invalid literal for int() with base 10: '[e-mail]'" in entry["exception"]


def test_a_request_and_its_turn_are_logged_under_one_correlation_id(logged, serve_with):
    with serve_with() as server:
        server.post("/v1/conversations/c/messages", json=PLAN, headers={"X-Correlation-ID": "trace-me"})
    entries = [entry for entry in logged() if entry.get("correlation_id") == "trace-me"]
    assert [entry["logger"] for entry in entries] == ["growqr_workflows.agent", "growqr_app.server.middleware"]
    assert entries[1]["endpoint"] == "/v1/conversations/{conversation_id}/messages"
    assert "nurse" not in json.dumps(entries)


async def test_spans_of_route_and_call_lie_in_the_span_of_their_turn():
    exporter = InMemorySpanExporter()
    tracing = Tracing(exporter)
    me = Principal(user_id="u", org_id="o")
    with serve_sandbox(Sandbox()) as url:
        headers = {"Authorization": f"Bearer {sandbox_token('u', 'o')}"}
        async with httpx.AsyncClient(base_url=url, headers=headers) as client, open_store() as store:
            watch = Watch(Metrics(), tracing)
            agent = Agent(Router.default(), InterviewService(client), store, observer=watch)
            await agent.handle("c", me, "m", PLAN["text"])
    tracing.close()
    spans = {span.name: span for span in exporter.get_finished_spans()}
    turn = spans["growqr.turn"]
    assert {name: span.parent and span.parent.span_id for name, span in spans.items()} == {
        "growqr.route": turn.context.span_id,
        "growqr.call": turn.context.span_id,
        "growqr.turn": None,
    }
    assert dict(spans["growqr.call"].attributes) == {"growqr.operation": "preview"}
    assert dict(turn.attributes) == {"growqr.reply": "preview", "growqr.state": "draft"}


async def test_a_client_that_waits_too_long_is_told_and_the_turn_goes_on():
    done = asyncio.Event()

    async def turn():
        await asyncio.sleep(0.05)
        done.set()

    turns = Turns(0.01)
    with pytest.raises(ApiProblem) as told:
        await turns.wait_for(turn())
    assert (told.value.status, told.value.code) == (503, "turn_goes_on")
    await turns.finish(5)
    assert done.is_set()


def test_a_turn_is_finished_before_the_server_ends(serve_with):
    answers = []
    with serve_sandbox(Sandbox(latency=0.5)) as url, serve_with(service_url=url, service_token="x") as server:
        ask = lambda: answers.append(httpx.post(f"{server.url}/v1/conversations/c/messages", json=PLAN))  # noqa: E731 - short
        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.2)  # the call to the service is under way
    thread.join()
    assert answers[0].status_code == 200


def test_strangers_cannot_reach_a_server_that_does_not_authenticate():
    with pytest.raises(UserError, match=r"loopback only, not on 0\.0\.0\.0"):
        run.serve(load_settings(host="0.0.0.0"))


def test_a_hand_off_to_a_route_that_is_none_is_refused_at_the_start():
    with pytest.raises(UserError, match=r"no route 'cooking'.*Allowed: "):
        run.serve(load_settings(port=0, handoff={"cooking": {"url": "http://x"}}))


def test_a_bucket_fills_again():
    now = [0.0]
    limit = RateLimit(60, 2, clock=lambda: now[0])
    assert [limit.take("a"), limit.take("a"), limit.take("a")] == [0, 0, 1]
    now[0] = 1.0
    assert [limit.take("a"), limit.take("a"), limit.take("b")] == [0, 1, 0]
