"""One request on its way to an endpoint: read, bounded, checked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from growqr_app.server.backend import Backend
from growqr_app.server.problems import ApiProblem, FieldError
from growqr_rules.violations import violations
from growqr_workflows import Principal

M = TypeVar("M", bound=BaseModel)
_READ_ON = 4
"""Times the limit up to which a body that is too large is read, and dropped."""
_MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was admitted."""

    backend: Backend
    principal: Principal
    path: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    """An instance of the endpoint's body model; None where it has none."""


async def read_body(request: Request, model: type[M], limit: int, patience: float) -> M:
    """The request's JSON body. `limit` in bytes, `patience` in seconds.

    Raises:
        ApiProblem: it is too large, too slow, not JSON or breaks the model.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiProblem(415, "not_json", "Send JSON, with the header `Content-Type: application/json`.")
    try:
        async with asyncio.timeout(patience):
            content = await _bounded(request, limit)
    except TimeoutError:
        raise ApiProblem(408, "too_slow", "The request did not arrive in time.") from None
    except ClientDisconnect:
        raise ApiProblem(400, "cut_off", "The client left before its request was complete.") from None
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise ApiProblem(422, "invalid", "The body breaks the contract.", errors=_fields(error, model)) from None


async def _bounded(request: Request, limit: int) -> bytes:
    """The body. One that is too large is read on for a while: closed on unread bytes, a connection drops the answer."""
    told = request.headers.get("content-length", "0")
    too_large = ApiProblem(413, "too_large", f"A body may have {limit} bytes.", headers={"Connection": "close"})
    if told.isdigit() and int(told[:20]) > _READ_ON * limit:
        raise too_large
    content = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            content += chunk
        elif size > _READ_ON * limit:
            break
    if size > limit:
        raise too_large
    return bytes(content)


def _fields(error: ValidationError, model: type[BaseModel]) -> list[FieldError]:
    """What is wrong, without the values."""
    return [
        FieldError(field=found.key or "body", message=found.message, allowed=list(found.allowed))
        for found in violations(error, model, most=_MOST_ERRORS)
    ]
