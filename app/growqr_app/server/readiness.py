"""What turns need, looked at now and then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from growqr_workflows import SqlStore, StoreError

CHECKS = ("store", "service")
_PATIENCE = 3.0
"""Seconds for each look."""
_FRESH = 1.0
"""Seconds for which a look holds: anybody may ask, and asking must not cost the database anything."""


class Readiness:
    """Asks the store and the interview-service whether they are there."""

    def __init__(self, store: SqlStore, client: httpx.AsyncClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._lock = asyncio.Lock()
        self._until = float("-inf")
        self._failing: list[str] = []

    async def failing(self) -> list[str]:
        """Which of `CHECKS` do not answer."""
        async with self._lock:
            if self._clock() >= self._until:
                works = await asyncio.gather(_works(self._store.ping()), _works(self._reach()))
                self._failing = [name for name, ok in zip(CHECKS, works, strict=True) if not ok]
                self._until = self._clock() + _FRESH
            return self._failing

    async def _reach(self) -> None:
        """Any answer but a failure of its own will do: no health endpoint of the service is known."""
        answer = await self._client.get("/")
        if answer.is_server_error:
            raise httpx.HTTPError("the service fails")


async def _works(check: Coroutine[Any, Any, None]) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            await check
    except (TimeoutError, StoreError, httpx.HTTPError):
        return False
    return True
