"""The server as an ASGI application."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, TypeAdapter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from growqr_app.live import websocket_url
from growqr_app.playground.page import page_routes
from growqr_app.server.asked import Asked, read_body
from growqr_app.server.backend import Backend
from growqr_app.server.endpoints import ENDPOINTS, Endpoint
from growqr_app.server.gate import Gate
from growqr_app.server.middleware import CORRELATION, Envelope, Hosts
from growqr_app.server.openapi import document
from growqr_app.server.problems import ApiProblem, not_found
from growqr_app.settings import Settings
from growqr_router import Decision

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def create_app(backend: Backend, gate: Gate) -> Starlette:
    """The application over an open backend."""
    app = Starlette(
        routes=[
            Route("/openapi.json", _described(gate), methods=["GET"]),
            *page_routes(websocket_url(str(backend.client.base_url), "") if backend.sandbox else None),
            *(Route(e.path, _handler(e, gate), methods=[e.method]) for e in ENDPOINTS),
        ],
        middleware=_middleware(backend.settings, gate),
        exception_handlers={HTTPException: _no_route},
    )
    app.state.backend = backend
    return app


def _described(gate: Gate) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of the OpenAPI document; it is written once for each pack."""
    written: dict[str, Response] = {}

    async def describe(request: Request) -> Response:
        pack = request.app.state.backend.router.pack
        if pack.hash not in written:
            written.clear()
            written[pack.hash] = JSONResponse(document(ENDPOINTS, pack, signed_in=gate.signed_in))
        return written[pack.hash]

    return describe


def _middleware(settings: Settings, gate: Gate) -> list[Middleware]:
    hosts = settings.allowed_hosts or ([] if gate.signed_in else LOOPBACK_NAMES)
    layers = [Middleware(Envelope)]
    if hosts:
        layers.append(Middleware(Hosts, allowed=hosts))
    if settings.cors_origins:
        layers.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origins,
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", "Idempotency-Key", CORRELATION],
                expose_headers=[CORRELATION, "Retry-After"],
            )
        )
    return layers


def _handler(endpoint: Endpoint, gate: Gate) -> Callable[[Request], Awaitable[Response]]:
    adapter: TypeAdapter[Any] = TypeAdapter(endpoint.answer)

    async def handle(request: Request) -> Response:
        backend: Backend = request.app.state.backend
        request.state.endpoint = endpoint.path
        try:
            response = _answered(await _carry_out(endpoint, gate, backend, request), adapter)
        except ApiProblem as problem:
            response = problem.response(request.state.correlation_id)
        backend.metrics.answered(endpoint.method, endpoint.path, response.status_code)
        return response

    return handle


async def _carry_out(endpoint: Endpoint, gate: Gate, backend: Backend, request: Request) -> Any:  # noqa: ANN401 - the endpoint's own type
    principal = gate.admit(request, endpoint, backend.router.pack.manifest.roles)
    body: BaseModel | None = None
    if endpoint.body is not None:
        settings = backend.settings
        body = await read_body(request, endpoint.body, settings.body_limit, settings.receive_timeout)
    return await endpoint.run(Asked(backend, principal, request.path_params, request.headers, body))


def _answered(answer: Any, adapter: TypeAdapter[Any]) -> Response:  # noqa: ANN401 - the endpoint's own type
    if isinstance(answer, Response):
        return answer
    if isinstance(answer, Decision):  # its own canonical form
        return Response(answer.to_json(), media_type="application/json")
    return Response(adapter.dump_json(answer), media_type="application/json")


async def _no_route(request: Request, error: Exception) -> Response:
    problem = not_found("address")
    if isinstance(error, HTTPException) and error.status_code == 405:
        allowed = {"Allow": ", ".join(sorted(_methods(request.url.path)))}
        problem = ApiProblem(405, "method", "This address does not take that method.", headers=allowed)
    return problem.response(request.state.correlation_id)


def _methods(path: str) -> set[str]:
    found = {e.method for e in ENDPOINTS if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", e.path), path)} or {"GET"}
    return {*found, *(["HEAD"] if "GET" in found else [])}
