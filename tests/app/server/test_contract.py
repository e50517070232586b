"""The server keeps its own OpenAPI document."""

from __future__ import annotations

import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, settings

from growqr_app.server.endpoints import ENDPOINTS
from growqr_app.server.openapi import document
from growqr_router import Router

PACK = Router.default().pack
schema = schemathesis.openapi.from_dict(document(ENDPOINTS, PACK, signed_in=False))


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_makes_the_server_break_its_document(case, open_server):
    case.call_and_validate(base_url=open_server.url)


def test_every_example_is_valid_and_every_refusal_described():
    described = document(ENDPOINTS, PACK, signed_in=True)
    for endpoint in ENDPOINTS:
        operation = described["paths"][endpoint.path][endpoint.method.lower()]
        assert {"200", "400", "500"} <= operation["responses"].keys()
        assert ("401" in operation["responses"]) is not endpoint.public
        assert ("429" in operation["responses"]) is not endpoint.public
        if endpoint.body is not None:
            content = operation["requestBody"]["content"]["application/json"]
            whole = {**content["schema"], "components": described["components"]}
            assert jsonschema_rs.validator_for(whole).is_valid(content["example"]), endpoint.path


def test_the_document_is_served_without_a_token(guarded):
    assert guarded.get("/openapi.json").json()["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
