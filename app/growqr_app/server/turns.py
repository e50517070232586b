"""Turns under way: each goes on to its end, whether or not its client still waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from growqr_app.server.problems import ApiProblem

T = TypeVar("T")
_LOG = logging.getLogger(__name__)


class Turns:
    """The turns of one server."""

    def __init__(self, patience: float) -> None:
        """`patience`: seconds that a client waits."""
        self._patience = patience
        self._running: set[asyncio.Task[Any]] = set()

    async def wait_for(self, turn: Coroutine[Any, Any, T]) -> T:
        """Start a turn and wait for its answer.

        Raises:
            ApiProblem: it takes too long; it goes on, and the same message id gets its answer later.
        """
        task = self.start(turn)
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.shield(task)
        except TimeoutError:
            task.add_done_callback(_log_failure)
            detail = "The turn takes long and goes on; send the same message id again for its answer."
            raise ApiProblem(503, "turn_goes_on", detail, headers={"Retry-After": "5"}) from None

    def start(self, turn: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a turn that nobody need wait for."""
        task = asyncio.create_task(turn)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def finish(self, patience: float) -> None:
        """Wait at most `patience` seconds for what is under way; another worker goes on with what is left then."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _LOG.error("a turn failed after its client had left", exc_info=task.exception())
