"""Conversations over HTTP."""

from __future__ import annotations

import pytest

from growqr_app.server.decisions import decision_view
from growqr_router import Context, Router

SAID = {"text": "mock interview for a nurse, plan first", "message_id": "m1"}


def test_a_decision_has_the_bytes_of_the_library(open_server):
    answer = open_server.post("/v1/route", json={"text": "make it harder", "context": {"state": "draft"}})
    assert answer.text == Router.default().route("make it harder", Context(state="draft")).to_json()


@pytest.mark.parametrize(
    "text", ["mock interview for a nurse at Acme, 20 minutes, not John", "yes", "", "and my resume too"]
)
def test_the_contract_describes_all_of_a_decision(text):
    decision = Router.default().route(text, Context(state="draft")).to_dict()
    assert decision_view(Router.default().route(text, Context(state="draft"))).model_dump(mode="json") == decision


def test_a_batch_answers_in_order(open_server):
    texts = ["update my resume", "mock interview for a nurse"]
    answer = open_server.post("/v1/route:batch", json={"items": [{"text": text} for text in texts]}).json()
    assert [decision["route"] for decision in answer["decisions"]] == ["resume", "interview"]


def test_a_turn_tells_reply_decision_calls_and_state(open_server):
    answer = open_server.post("/v1/conversations/told/messages", json=SAID).json()
    assert (answer["state"], answer["turn_id"]) == ("draft", "m1")
    assert (answer["decision"]["intent"], answer["outcome"]["reply"]) == ("practice.preview", "preview")
    (call,) = answer["calls"]
    assert (call["operation"], call["method"], call["status"]) == ("preview", "POST", 200)
    view = open_server.get("/v1/conversations/told").json()
    assert (view["state"], view["turns"], len(view["session"]["questions"])) == ("draft", 1, 4)


def test_the_same_message_id_gets_the_stored_answer(open_server):
    first = open_server.post("/v1/conversations/same/messages", json=SAID)
    by_header = open_server.post(
        "/v1/conversations/same/messages", json={"text": SAID["text"]}, headers={"Idempotency-Key": "m1"}
    )
    assert by_header.content == first.content
    assert open_server.get("/v1/conversations/same").json()["turns"] == 1


def test_the_same_message_id_with_another_text_is_a_conflict(open_server):
    open_server.post("/v1/conversations/clash/messages", json=SAID)
    answer = open_server.post("/v1/conversations/clash/messages", json={**SAID, "text": "approve"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:growqr:problem:conflict")


def test_events_move_the_conversation_on(open_server):
    post = lambda what, body: open_server.post(f"/v1/conversations/live/{what}", json=body).json()  # noqa: E731 - short
    post("messages", SAID)
    post("messages", {"text": "approve"})
    session = post("messages", {"text": "launch it"})["outcome"]["handover"]["session_id"]
    answer = post("events", {"kind": "session_live", "session_id": session})
    assert (answer["state"], answer["decision"]) == ("live", None)


def test_why_and_why_not_are_told_with_scores_and_thresholds(open_server):
    told = open_server.post("/v1/explain", json={"text": "any interview tips?"}).json()
    assert told["candidates"][0]["route"] == told["decision"]["route"]
    assert told["thresholds"]["abstain"] == Router.default().pack.manifest.thresholds.abstain
    body = {"text": "any interview tips?", "wanted": "practice.preview"}
    assert open_server.post("/v1/why-not", json=body).json()["score"] < told["candidates"][0]["score"]


def test_health_and_readiness(open_server):
    assert open_server.get("/healthz").json() == {"status": "ok"}
    ready = open_server.get("/readyz").json()
    assert (ready["status"], ready["pack"]["hash"]) == ("ready", Router.default().pack.hash)
