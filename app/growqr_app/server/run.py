"""`growqr serve`: the server on a port, until it is told to stop."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from growqr_app import show
from growqr_app.database import without_password
from growqr_app.errors import UserError
from growqr_app.server.app import create_app
from growqr_app.server.authentication import authentication
from growqr_app.server.backend import open_backend
from growqr_app.server.gate import Gate
from growqr_app.server.logs import configure_logs
from growqr_app.server.protocol import patient
from growqr_app.settings import Settings

_LONGEST_HEAD = 16_384
"""Bytes of a request's head."""


class Server(uvicorn.Server):
    """Told to stop, it returns: uvicorn's own would then end the process, and turns with it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on Ctrl-C and on SIGTERM; the second time, at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {told: signal.signal(told, self.handle_exit) for told in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for told, handler in before.items():
                signal.signal(told, handler)


def serve(settings: Settings) -> None:
    """Serve until told to stop; turns that are under way are finished first.

    Raises:
        OSError: the port is taken.
        UserError: a setting cannot be used, or strangers could reach a server that does not authenticate.
        RulesError: the pack cannot be used.
        StoreError: the database cannot be used.
    """
    gate = Gate(authentication(settings), settings)
    if not gate.signed_in and not _is_loopback(settings.host):
        raise UserError(
            f"Without authentication the server listens on loopback only, not on {settings.host}. Set "
            "GROWQR_JWT_SECRET, GROWQR_JWT_PUBLIC_KEY, GROWQR_JWKS_FILE or GROWQR_TOKENS_FILE."
        )
    configure_logs(settings, sys.stderr)
    with _listen(settings) as listener:
        asyncio.run(_serve(settings, gate, listener))


async def _serve(settings: Settings, gate: Gate, listener: socket.socket) -> None:
    async with open_server(settings, gate) as server:
        _greet(settings, listener.getsockname()[1], signed_in=gate.signed_in)
        await server.serve(sockets=[listener])


@asynccontextmanager
async def open_server(settings: Settings, gate: Gate) -> AsyncIterator[Server]:
    """The server with all that it needs, bounded in all that a client could use up; `serve` it in the context.

    Raises:
        UserError, RulesError, StoreError: see `open_backend`.
    """
    async with open_backend(settings, many_people=gate.signed_in) as backend:
        config = uvicorn.Config(
            create_app(backend, gate),
            http=patient(settings.receive_timeout),
            h11_max_incomplete_event_size=_LONGEST_HEAD,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=settings.connections,
            timeout_graceful_shutdown=int(settings.shutdown_timeout),
        )
        yield Server(config)


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
    pages = {"playground": f"http://{host}:{port}/", "contract": f"http://{host}:{port}/openapi.json"}
    console.print(show.facts({**facts, **pages}))
