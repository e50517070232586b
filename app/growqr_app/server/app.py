"""The server as an ASGI application."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, TypeAdapter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from growqr_app.server.asked import Asked, read_body
from growqr_app.server.backend import Backend, open_backend
from growqr_app.server.endpoints import ENDPOINTS, Endpoint
from growqr_app.server.models import Readiness
from growqr_app.server.problems import ApiProblem, not_found
from growqr_app.settings import Settings
from growqr_router import Decision
from growqr_workflows import Principal

_LOG = logging.getLogger(__name__)
_SAFE_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}\Z")


def create_app(settings: Settings) -> Starlette:
    """The application; its backend is put together when it starts and taken down when it ends."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_backend(settings) as backend:
            app.state.backend = backend
            yield

    return Starlette(
        routes=[Route(e.path, _handler(e), methods=[e.method]) for e in ENDPOINTS],
        exception_handlers={HTTPException: _http_problem, ApiProblem: _api_problem, Exception: _failure},
        lifespan=lifespan,
    )


def _handler(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    adapter: TypeAdapter[Any] = TypeAdapter(endpoint.answer)

    async def handle(request: Request) -> Response:
        backend: Backend = request.app.state.backend
        settings = backend.settings
        principal = Principal(
            user_id=settings.user_id, org_id=settings.org_id, email=settings.user_email, role=settings.role
        )
        body: BaseModel | None = None
        if endpoint.body is not None:
            body = await read_body(request, endpoint.body, settings.body_limit, settings.receive_timeout)
        answer = await endpoint.run(Asked(backend, principal, request.path_params, request.headers, body))
        return _answered(answer, adapter)

    return handle


def _answered(answer: Any, adapter: TypeAdapter[Any]) -> Response:  # noqa: ANN401 - the endpoint's own type
    if isinstance(answer, Response):
        return answer
    if isinstance(answer, Decision):
        return Response(answer.to_json(), media_type="application/json")
    status = 503 if isinstance(answer, Readiness) and answer.status != "ready" else 200
    return Response(adapter.dump_json(answer), status, media_type="application/json")


async def _api_problem(request: Request, problem: Exception) -> Response:
    if not isinstance(problem, ApiProblem):
        raise problem
    return problem.response(_correlation_id(request))


async def _http_problem(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    if status == 405:
        allowed = {"Allow": ", ".join(sorted(_methods(request)))}
        problem = ApiProblem(405, "method", "This address does not take that method.", headers=allowed)
    else:
        problem = not_found("address")
    return problem.response(_correlation_id(request))


async def _failure(request: Request, error: Exception) -> Response:
    _LOG.error("a request failed", exc_info=error)
    return ApiProblem(500, "internal", "Something went wrong on our side.").response(_correlation_id(request))


def _methods(request: Request) -> set[str]:
    path = request.url.path
    found = [e.method for e in ENDPOINTS if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", e.path), path)]
    return {*found, *(["HEAD"] if "GET" in found else [])}


def _correlation_id(request: Request) -> str:
    told = request.headers.get("x-correlation-id", "")
    return told if _SAFE_ID.match(told) else uuid4().hex
