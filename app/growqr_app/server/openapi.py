"""The OpenAPI document, written from the table of endpoints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from growqr_app.server.completions import EVENTS
from growqr_app.server.conversations import CONVERSATION_ID
from growqr_app.server.endpoints import Endpoint
from growqr_app.server.problems import MEDIA_TYPE, TITLES, ProblemDetails
from growqr_rules import Pack

_REF = "#/components/schemas/{model}"
_ALWAYS = (400, 500)
_WITH_BODY = (408, 413, 415, 422)
_SIGNED_IN = (401, 403)
_PARAMETERS = {
    "conversation_id": {
        "schema": {"type": "string", "pattern": f"^{CONVERSATION_ID}$"},
        "example": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    }
}


def document(endpoints: Sequence[Endpoint], pack: Pack, *, signed_in: bool) -> dict[str, Any]:
    """The document as plain data, with the values that the pack allows. `signed_in`: callers must authenticate."""
    types: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        ("problem", "serialization", TypeAdapter(ProblemDetails))
    ]
    for endpoint in endpoints:
        if endpoint.answer is not None:
            types.append((_key(endpoint), "serialization", TypeAdapter(endpoint.answer)))
        if endpoint.body is not None:
            types.append((_key(endpoint), "validation", TypeAdapter(endpoint.body)))
    schemas, shared = TypeAdapter.json_schemas(types, ref_template=_REF)
    _allow(shared["$defs"], pack)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, signed_in=signed_in and not endpoint.public)
        _describe(operation, endpoint, schemas)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    bearer = {"type": "http", "scheme": "bearer", "description": "A JWT, or a token that was given out."}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "growqr",
            "version": "1",
            "description": "A deterministic intent router and the interview workflow: rules only, no LLM.",
        },
        "paths": paths,
        "components": {
            "schemas": shared["$defs"],
            **({"securitySchemes": {"bearer": bearer}} if signed_in else {}),
        },
    }


def _allow(schemas: dict[str, Any], pack: Pack) -> None:
    """Say which values the pack knows."""
    manifest = pack.manifest
    for model, field, values in (
        ("RouteContext", "state", ["", *manifest.states]),
        ("RouteContext", "role", ["", *manifest.roles]),
        ("StateMetadata", "state", ["", *manifest.states]),
        ("WhyNotRequest", "wanted", list(pack.classes)),
        ("CompletionRequest", "model", [manifest.name]),
    ):
        schemas[model]["properties"][field]["enum"] = values


def _key(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def _operation(endpoint: Endpoint, *, signed_in: bool) -> dict[str, Any]:
    statuses = {
        *_ALWAYS,
        *endpoint.problems,
        *(_WITH_BODY if endpoint.body else ()),
        *(_SIGNED_IN if signed_in else ()),
        *(() if endpoint.public else (429,)),
    }
    parameters = [
        {"name": name, "in": "path", "required": True, **_PARAMETERS[name]}
        for name in re.findall(r"\{(\w+)\}", endpoint.path)
    ]
    return {
        "summary": endpoint.summary,
        "operationId": endpoint.run.__name__,
        "parameters": parameters,
        **({"security": [{"bearer": []}]} if signed_in else {}),
        "responses": {str(status): _refusal(status) for status in sorted(statuses)},
    }


def _describe(operation: dict[str, Any], endpoint: Endpoint, schemas: dict[Any, dict[str, Any]]) -> None:
    answer = schemas.get((_key(endpoint), "serialization"))
    content = {endpoint.media: {"schema": answer} if answer else {}, **({EVENTS: {}} if endpoint.streams else {})}
    operation["responses"]["200"] = {"description": "Done", "content": content}
    if endpoint.body is not None:
        told = {"schema": schemas[_key(endpoint), "validation"], "example": _example(endpoint.body)}
        operation["requestBody"] = {"required": True, "content": {"application/json": told}}


def _example(body: type[BaseModel]) -> Any:  # noqa: ANN401 - JSON
    extra = body.model_config["json_schema_extra"]
    return extra["examples"][0]  # type: ignore[index] # the table's bodies all have one


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=ProblemDetails.model_config["title"])}
    return {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": schema}}}
