from __future__ import annotations

import json
from contextlib import ExitStack

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from growqr_rules import RulesError
from growqr_testkit.sandbox import FaultRule, Sandbox, sandbox_token, serve

ME = {"user_id": "u1", "org_id": "o1"}
BODY = {**ME, "persona_id": "emma", "interview_type": "behavioral", "duration_minutes": 10, "context": {}}


@pytest.fixture
def client_of():
    """Makes a client of a sandbox that is served on a real port."""
    with ExitStack() as stack:

        def make(sandbox, role="seeker", user="u1", email="me@x.io"):
            base_url = stack.enter_context(serve(sandbox))
            headers = {"Authorization": f"Bearer {sandbox_token(user, 'o1', role, email)}"}
            return stack.enter_context(httpx.Client(base_url=base_url, headers=headers))

        yield make


@pytest.fixture
def sandbox():
    return Sandbox()


@pytest.fixture
def client(sandbox, client_of):
    return client_of(sandbox)


def live(client, session_id):
    url = str(client.base_url.copy_with(scheme="ws", path=f"/api/v1/session/{session_id}"))
    return connect(url, additional_headers={"Authorization": client.headers["Authorization"]})


def preview(client, **changes):
    return client.post("/api/v1/configure/preview", json={**BODY, **changes})


def test_the_straight_path(client, sandbox):
    session_id = preview(client).json()["session_id"]
    questions = {"session_id": session_id, "questions": ["Why?", {"question": "How?", "topic": "t"}]}
    edited = client.post("/api/v1/configure/questions", json=questions).json()
    assert [q["question"] for q in edited["question_outline"]] == ["Why?", "How?"]
    approved = client.post("/api/v1/configure/approve", json={"session_id": session_id}).json()
    assert (approved["status"], approved["needs_approval"]) == ("configured", False)
    assert client.get(f"/api/v1/review/{session_id}").json()["status"] == "processing"
    with live(client, session_id) as socket:
        assert json.loads(socket.recv())["session_id"] == session_id
    assert client.get(f"/api/v1/review/{session_id}").json()["overall_score"] == 74
    assert sandbox.effects() == {"sessions_created": 1, "sessions_approved": 1, "assignments_created": 0}


def test_questions_can_be_edited_once_and_only_before_approval(client):
    session_id = preview(client).json()["session_id"]
    body = {"session_id": session_id, "questions": ["Why?"]}
    assert client.post("/api/v1/configure/questions", json=body).status_code == 200
    assert client.post("/api/v1/configure/questions", json=body).status_code == 409
    client.post("/api/v1/configure/approve", json={"session_id": session_id})
    assert client.post("/api/v1/configure/questions", json=body).status_code == 409
    assert client.post("/api/v1/configure/approve", json={"session_id": session_id}).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"duration_minutes": 7},
        {"persona_id": "bob"},
        {"interview_type": "x"},
        {"context": {"difficulty": "x"}},
        {"extra": 1},
    ],
)
def test_values_that_the_contract_does_not_have_are_rejected(client, changes):
    assert preview(client, **changes).status_code == 422


def test_ownership(client, sandbox):
    sandbox.add_session("sess_other", ("u2", "o1"), overall_score=91)
    assert client.get("/api/v1/review/sess_other").status_code == 403
    assert client.get("/api/v1/review/sess_none").status_code == 404
    assert preview(client, user_id="u2").status_code == 403
    assert httpx.get(client.base_url.join("/api/v1/review/sess_other")).status_code == 401


def test_a_live_session_needs_approval(client):
    session_id = preview(client).json()["session_id"]
    with pytest.raises((ConnectionClosed, InvalidStatus)), live(client, session_id) as socket:
        socket.recv()


def test_assignments_are_deduplicated_listed_and_taken_back(sandbox, client_of):
    admin = client_of(sandbox, "admin")
    body = {"organization_id": "o1", "role": "Chef", "round": "technical", "assignee_emails": ["A@x.io", "a@x.io"]}
    made = admin.post("/api/v1/interviews/assignments", json=body).json()
    assert len(made["assignment_ids"]) == 1
    listed = admin.get("/api/v1/interviews/assignments", params={"email": "a@x.io", "status": "pending"}).json()
    assert [row["role"] for row in listed["assignments"]] == ["Chef"]
    sandbox.add_assignment("asg_done", "o1", "b@x.io", role="Chef", round="technical", status="completed")
    gone = admin.post(
        "/api/v1/interviews/assignments/unassign", json={"organization_id": "o1", "emails": ["a@x.io", "b@x.io"]}
    ).json()
    assert gone["unassigned"] == ["a@x.io"]
    assert gone["refused"][0]["email"] == "b@x.io"
    results = admin.post(
        "/api/v1/interviews/results:bulk",
        json={"organization_id": "o1", "assignment_ids": ["asg_done", "nope", *made["assignment_ids"]]},
    ).json()["results"]
    assert [(r["assignment_id"] == "asg_done", r["status"]) for r in results] == [
        (True, "completed"),
        (False, "unassigned"),
    ]


def test_admin_endpoints_refuse_a_seeker(client):
    body = {"organization_id": "o1", "role": "Chef", "round": "technical", "assignee_emails": ["a@x.io"]}
    assert client.post("/api/v1/interviews/assignments", json=body).status_code == 403
    assert client.get("/api/v1/interviews/assignments", params={"email": "other@x.io"}).status_code == 403


def test_scripted_faults_answer_the_nth_call_and_retries_share_their_fate(client_of):
    sandbox = Sandbox(script=[FaultRule("POST /api/v1/configure/preview", nth=[1], fault="503")])
    client = client_of(sandbox)
    first = {"Idempotency-Key": "a"}
    assert client.post("/api/v1/configure/preview", json=BODY, headers=first).status_code == 503
    assert client.post("/api/v1/configure/preview", json=BODY, headers=first).status_code == 503
    assert client.post("/api/v1/configure/preview", json=BODY, headers={"Idempotency-Key": "b"}).status_code == 200


def test_an_applied_fault_is_carried_out(client_of):
    sandbox = Sandbox(script=[FaultRule("POST /api/v1/configure/preview", fault="503", applied=True)])
    assert preview(client_of(sandbox)).status_code == 503
    assert sandbox.effects()["sessions_created"] == 1


def test_review_statuses_come_in_order_and_a_fault_uses_none_up(client_of):
    script = [
        FaultRule("GET review", nth=[1], fault="503"),
        FaultRule("GET review", statuses=["processing", "completed"], overall_score=61, video=["pending", "completed"]),
    ]
    sandbox = Sandbox(script=script)
    sandbox.add_session("sess_a", ("u1", "o1"))
    client = client_of(sandbox)
    seen = [client.get("/api/v1/review/sess_a") for _ in range(4)]
    assert [r.status_code for r in seen] == [503, 200, 200, 200]
    assert [r.json().get("video_analysis_status") for r in seen[1:]] == [None, "pending", "completed"]


def test_ids_are_the_same_in_every_sandbox(client_of):
    assert preview(client_of(Sandbox())).json()["session_id"] == preview(client_of(Sandbox())).json()["session_id"]


def test_the_state_file_survives_a_restart(tmp_path, client_of):
    path = tmp_path / "state.json"
    session_id = preview(client_of(Sandbox(state_file=path))).json()["session_id"]
    again = client_of(Sandbox(state_file=path))
    assert again.post("/api/v1/configure/approve", json={"session_id": session_id}).status_code == 200


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ": [S101] is not valid JSON: "),
        (b"\xff", ": [S101] is not valid JSON: "),
        (b"[]", ": [S101] must map keys to values, so that"),
        (b"{}", ": [S101] made: is missing, so that"),
        (b'{"made": {"sess": 1, "asg": "x"}}', ": [S101] made.asg: must be a whole number, so that"),
    ],
)
def test_a_damaged_state_file_is_told_with_what_to_do(tmp_path, content, says):
    path = tmp_path / "state.json"
    path.write_bytes(content)
    with pytest.raises(RulesError) as told:
        Sandbox(state_file=path)
    assert f"{path}{says}" in str(told.value)
    assert str(told.value).endswith("Move the file away to begin afresh.")


def test_it_serves_on_a_real_port_with_its_own_openapi():
    with serve(Sandbox()) as base_url:
        document = httpx.get(f"{base_url}/openapi.json").json()
    assert "/api/v1/interviews/results:bulk" in document["paths"]
