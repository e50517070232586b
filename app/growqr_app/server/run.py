"""`growqr serve`: the server on a port, until it is told to stop."""

from __future__ import annotations

import ipaddress
import socket

import uvicorn
from starlette.applications import Starlette

from growqr_app import show
from growqr_app.database import without_password
from growqr_app.errors import UserError
from growqr_app.server.app import create_app
from growqr_app.server.authentication import authentication
from growqr_app.server.logs import configure_logs
from growqr_app.server.protocol import patient
from growqr_app.settings import Settings

_LONGEST_HEAD = 16_384
"""Bytes of a request's head."""


def serve(settings: Settings) -> None:
    """Serve until interrupted; turns that are under way are finished first.

    Raises:
        OSError: the port is taken.
        UserError: a setting cannot be used, or strangers could reach a server that does not authenticate.
    """
    signed_in = authentication(settings) is not None
    if not signed_in and not _is_loopback(settings.host):
        raise UserError(
            f"Without authentication the server listens on loopback only, not on {settings.host}. Set "
            "GROWQR_JWT_SECRET, GROWQR_JWT_PUBLIC_KEY, GROWQR_JWKS_FILE or GROWQR_TOKENS_FILE."
        )
    configure_logs(settings)
    app = create_app(settings)
    with _listen(settings) as listener:
        _greet(settings, listener.getsockname()[1], signed_in=signed_in)
        server(app, settings).run(sockets=[listener])


def server(app: Starlette, settings: Settings) -> uvicorn.Server:
    """The server for an application, bounded in all that a client could use up."""
    config = uvicorn.Config(
        app,
        http=patient(settings.receive_timeout),
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=settings.connections,
        timeout_graceful_shutdown=int(settings.shutdown_timeout),
    )
    return uvicorn.Server(config)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _greet(settings: Settings, port: int, *, signed_in: bool) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    console = show.console(stderr=True)
    console.print(show.banner("serve", f"http://{host}:{port}; Ctrl-C ends it"))
    who = "by bearer token" if signed_in else f"NONE: loopback only, everybody is {settings.user_id} ({settings.role})"
    kept = "memory only: gone when the server ends" if settings.db == ":memory:" else without_password(settings.db)
    real = settings.service_url and f"the REAL interview-service at {settings.service_url}"
    facts = {"authentication": who, "service": real or "a sandbox (nothing in it is real)", "kept in": kept}
    console.print(show.facts({**facts, "contract": f"http://{host}:{port}/openapi.json"}))
