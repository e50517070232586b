"""What an operator asks: is it up, can it work, what are its rules, what did it do?"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx
from starlette.responses import Response

from growqr_app.server.asked import Asked
from growqr_app.server.metrics import MEDIA_TYPE
from growqr_app.server.models import Health, PackView, Readiness, RefusedPack, RulesView
from growqr_app.server.problems import ApiProblem, FieldError
from growqr_router import Router
from growqr_workflows import StoreError

_PATIENCE = 3.0
"""Seconds for each check."""


async def alive(_asked: Asked) -> Health:
    """Always, while anything is answered at all."""
    return Health()


async def ready(asked: Asked) -> Readiness:
    """The store answers, the interview-service can be reached, and rules are in force."""
    backend = asked.backend
    checks = {"store": backend.store.ping(), "service": _reach(backend.client)}
    works = dict(zip(checks, await asyncio.gather(*map(_works, checks.values())), strict=True))
    failing = [FieldError(field=name, message="does not answer") for name, ok in works.items() if not ok]
    if failing:
        raise ApiProblem(503, "not_ready", f"Failing: {', '.join(f.field for f in failing)}.", errors=failing)
    return Readiness(checks=[*checks, "pack"], pack=_pack(backend.router))


async def show_rules(asked: Asked) -> RulesView:
    """The rules in force, and what was wrong with a changed pack that is not."""
    refused = asked.backend.rules.refused
    told = RefusedPack(hash=refused.hash, errors=list(refused.errors)) if refused else None
    return RulesView(pack=_pack(asked.backend.router), refused=told)


async def metrics(asked: Asked) -> Response:
    """Counts and times."""
    return Response(asked.backend.metrics.text(), media_type=MEDIA_TYPE)


def _pack(router: Router) -> PackView:
    manifest = router.pack.manifest
    return PackView(name=manifest.name, version=manifest.version, hash=router.pack.hash)


async def _works(check: Coroutine[Any, Any, None]) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            await check
    except (TimeoutError, StoreError, httpx.HTTPError):
        return False
    return True


async def _reach(client: httpx.AsyncClient) -> None:
    """Any answer but a failure of its own will do: no health endpoint of the service is known."""
    answer = await client.get("/")
    if answer.is_server_error:
        raise httpx.HTTPError("the service fails")
