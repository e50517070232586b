"""The sandbox keeps its own OpenAPI document, and the client speaks it."""

from __future__ import annotations

import httpx
import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode

from growqr_rules import load_pack
from growqr_testkit.sandbox import ENDPOINTS, Sandbox, openapi_document, sandbox_token
from growqr_workflows import InterviewService, Principal
from growqr_workflows.configuration import configure, to_request
from growqr_workflows.service import OPERATIONS, Call, models

ME = Principal(user_id="u1", org_id="o1", email="me@x.io", role="admin", name="Noor")
TOKEN = sandbox_token("u1", "o1", "admin", "me@x.io")
DOCUMENT = openapi_document()

schema = schemathesis.openapi.from_asgi("/openapi.json", Sandbox().app)


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_makes_the_sandbox_break_its_document(case):
    # A case whose headers are wrong on purpose keeps them, else it would be a good request held to be a bad one.
    wrong = case.meta.components.get(ParameterLocation.HEADER)
    spoilt = wrong is not None and wrong.mode is GenerationMode.NEGATIVE
    case.call_and_validate(headers={} if spoilt else {"Authorization": f"Bearer {TOKEN}"})


def test_every_endpoint_of_the_table_has_a_client_operation():
    assert {(e.method, e.path) for e in ENDPOINTS} == {(o.method, o.path) for o in OPERATIONS.values()}


def test_every_operation_of_the_document_has_schemas_examples_and_errors():
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
            assert answer not in ({}, {"type": "object"}), where
            assert {"401", "403", "404", "409", "422", "503"} <= operation["responses"].keys(), where
            assert all("example" in parameter for parameter in operation["parameters"]), where
            if method == "post" and "requestBody" in operation:
                assert valid(operation["requestBody"]["content"]["application/json"]), where


def valid(content):
    return validator(content["schema"]).is_valid(content["example"])


def validator(fragment):
    return jsonschema_rs.validator_for({**fragment, "components": DOCUMENT["components"]})


def test_what_the_client_sends_fits_the_document():
    """Each request model, filled with all that the agent ever fills, is valid by the sandbox's schema."""
    slots = {
        "target_role": "nurse", "company_name": "NHS", "interview_type": "coding", "duration_minutes": 5,
        "difficulty": "advanced", "persona_id": "john", "framework": "STAR", "requested_mode": "voice",
        "job_description": "Nights.", "assignment_id": "asg_1",
    }  # fmt: skip
    made = configure(load_pack().workflow, slots, {})
    bodies = {
        "Preview": to_request(made, ME, draft="sess_1", feedback="harder"),
        "Configure": to_request(made, ME),
        "Questions": models.QuestionsRequest(session_id="s", questions=[models.Question(question="Why?", topic="t")]),
        "Approve": models.ApproveRequest(session_id="s"),
        "Assign": models.AssignRequest(organization_id="o", role="r", round="technical", assignee_emails=["a@b.co"]),
        "Unassign": models.UnassignRequest(organization_id="o", emails=["a@b.co"]),
        "Results": models.ResultsRequest(organization_id="o", assignment_ids=["asg_1"]),
    }
    for name, body in bodies.items():
        sent = body.model_dump(mode="json", exclude_none=True)
        errors = validator({"$ref": f"#/components/schemas/{name}"}).iter_errors(sent)
        assert not [error.message for error in errors], name


async def test_a_stranger_is_refused_whatever_the_endpoint():
    sandbox = Sandbox()
    transport = httpx.ASGITransport(sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://s") as client:
        for endpoint in ENDPOINTS:
            path = endpoint.path.format(session_id="s", artifact_type="t")
            answer = await client.request(endpoint.method, path)
            assert answer.status_code == 401, endpoint.path


async def test_the_sandbox_can_be_slow_and_the_client_gives_up_in_time():
    sandbox = Sandbox(latency=0.3)
    transport = httpx.ASGITransport(sandbox.app)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://s", headers=headers, timeout=5) as client:
        service = InterviewService(client)
        board = await service.leaderboard(Call(principal=ME, key="k"), "o1", None)
        assert board.entries == []
