"""Is the process up, and can turns be carried out?"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Literal

import httpx

from growqr_app.server.asked import Asked
from growqr_app.server.models import Health, Readiness
from growqr_workflows import StoreError

_PATIENCE = 3.0
"""Seconds for each check."""


async def alive(_asked: Asked) -> Health:
    """Always, while anything is answered at all."""
    return Health()


async def ready(asked: Asked) -> Readiness:
    """The store answers, the interview-service can be reached, and rules are in force."""
    backend = asked.backend
    manifest = backend.router.pack.manifest
    store, service = await asyncio.gather(_check(backend.store.ping()), _check(_reach(backend.client)))
    checks: dict[str, Literal["ok", "failing"]] = {"store": store, "service": service, "pack": "ok"}
    status: Literal["ready", "not_ready"] = "ready" if set(checks.values()) == {"ok"} else "not_ready"
    pack = {"name": manifest.name, "version": manifest.version, "hash": backend.router.pack.hash}
    return Readiness(status=status, checks=checks, pack=pack)


async def _check(work: Coroutine[Any, Any, None]) -> Literal["ok", "failing"]:
    try:
        async with asyncio.timeout(_PATIENCE):
            await work
    except (TimeoutError, StoreError, httpx.HTTPError):
        return "failing"
    return "ok"


async def _reach(client: httpx.AsyncClient) -> None:
    """Any answer but a failure of its own will do: the service has no health endpoint that is known of."""
    answer = await client.get("/")
    if answer.is_server_error:
        raise httpx.HTTPError("the service fails")
