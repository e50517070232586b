"""What a request can be refused with, as problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """One field of a request that cannot be used."""

    field: str
    """Dotted path; `body` for the whole."""
    message: str
    allowed: list[str] = []


class ProblemDetails(BaseModel):
    """The body of every refusal."""

    model_config = ConfigDict(title="Problem")
    type: str = Field(examples=["urn:growqr:problem:not_found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no such conversation."])
    correlation_id: str = ""
    """The same as the answer's `X-Correlation-ID`; give it to the operator."""
    errors: list[FieldError] = []


TITLES: Mapping[int, str] = {
    400: "Unreadable request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Request too slow",
    409: "Conflict",
    413: "Too large",
    415: "Not JSON",
    422: "Request breaks the contract",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available now",
}


class ApiProblem(Exception):
    """A request that is refused; `detail` is for the caller and names nothing internal."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def response(self, correlation_id: str) -> Response:
        """The answer that tells it."""
        details = ProblemDetails(
            type=f"urn:growqr:problem:{self.code}",
            title=TITLES.get(self.status, "Error"),
            status=self.status,
            detail=self.detail,
            correlation_id=correlation_id,
            errors=list(self.errors),
        )
        body: dict[str, Any] = details.model_dump(exclude_defaults=True)
        return Response(json.dumps(body), self.status, headers=self.headers, media_type=MEDIA_TYPE)


def not_found(what: str = "conversation") -> ApiProblem:
    """Nothing there that this caller may know of."""
    return ApiProblem(404, "not_found", f"There is no such {what}.")


def invalid(field: str, message: str, allowed: Sequence[str] = ()) -> ApiProblem:
    """One field that cannot be used."""
    error = FieldError(field=field, message=message, allowed=list(allowed))
    return ApiProblem(422, "invalid", f"{field}: {message}", errors=[error])
