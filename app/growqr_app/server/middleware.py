"""What surrounds every request: a correlation id, safe headers, a log line, and no failure told in detail."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from growqr_app.server.problems import ApiProblem

CORRELATION = "X-Correlation-ID"
_SAFE_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}\Z")
_SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer that does not set them itself."""
_LOG = structlog.get_logger(__name__)


class Envelope:
    """The outermost layer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get(CORRELATION, "")
        correlation_id = told if _SAFE_ID.match(told) else uuid4().hex
        scope.setdefault("state", {})["correlation_id"] = correlation_id
        started, status = time.perf_counter(), 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in {**_SAFE, CORRELATION: correlation_id}.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
            try:
                await self._app(scope, receive, send_on)
            except Exception:
                _LOG.exception("a request failed")
                if status:
                    raise  # too late for a problem: the connection is closed
                problem = ApiProblem(500, "internal", "Something went wrong on our side.")
                await problem.response(correlation_id)(scope, receive, send_on)
            endpoint = scope["state"].get("endpoint")  # a template: no ids in logs that need none
            seconds = time.perf_counter() - started
            _LOG.info(
                "request", method=scope["method"], endpoint=endpoint, status=status, milliseconds=round(seconds * 1000)
            )


class Hosts:
    """Refuses requests that name another host: pages of other sites cannot reach in by rebinding a name."""

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = {name.lower() for name in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        host = Headers(scope=scope).get("host", "").lower() if scope["type"] in ("http", "websocket") else ""
        name = host.rpartition(":")[0] if re.search(r":\d{1,5}\Z", host) else host
        if scope["type"] != "http" or name in self._allowed:
            await self._app(scope, receive, send)
            return
        problem = ApiProblem(400, "host", "This server is not known by that name.")
        await problem.response(scope["state"]["correlation_id"])(scope, receive, send)
