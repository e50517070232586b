"""Two routers, one cheap and one costly, asked one after the other: the reason to embed this package beside an LLM.

Cheap first: only what the rules abstain on reaches the costly router. Costly first: where it is slow, failing, rate
limited or out of budget, the rules answer.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal

from growqr_router.decision import Context
from growqr_router.router import Router

Callee = Callable[[str, Context], Any]
"""Takes a message and its context; returns a decision of its own kind, or an awaitable of one (async use only)."""
Why = Literal["answered", "abstained", "timeout", "error", "budget"]
_NO_CONTEXT = Context()
_THREADS = 16


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `calls` calls to the costly router in any `seconds`."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Routed:
    """What a cascade answers."""

    decision: Any
    """What the router that answered returned."""
    by: Literal["first", "then"]
    first: Why
    """How the first router's turn ended; anything but `answered` is why `then` was asked."""
    then: Why | None
    """How the second's turn ended, None when it was not asked. Unless `answered`, the first one's guess stands."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Counters:
    """What a cascade did since it was made."""

    asked: int = 0
    by_first: int = 0
    by_then: int = 0
    saved: int = 0
    """Calls that the costly second router was spared."""
    timeouts: int = 0
    errors: int = 0
    over_budget: int = 0
    seconds: float = 0.0
    """Total time of all answers."""


class CascadeError(Exception):
    """Neither router answered."""


class Cascade:
    """Asks `first`, and `then` where the first abstains or fails.

    `deadline` and `budget` bind the routers that are not a `Router`: rules need neither. A decision abstains when its
    `abstained` attribute is true. Thread-safe; the same object serves `route` and `route_async`.
    """

    def __init__(
        self,
        first: Router | Callee,
        then: Router | Callee,
        *,
        deadline: float | None = None,
        budget: Budget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`deadline` in seconds for each costly call; `clock` gives monotonic seconds."""
        self._members = {"first": first, "then": then}
        self._deadline = deadline
        self._budget = budget
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: deque[float] = deque()
        self._counters = Counters()
        self._pool: ThreadPoolExecutor | None = None

    @property
    def counters(self) -> Counters:
        """A snapshot."""
        with self._lock:
            return self._counters

    def route(self, text: str, context: Context = _NO_CONTEXT) -> Routed:
        """Ask in turn. Raises `CascadeError` when neither answers."""
        start = self._clock()
        first, why = self._ask("first", text, context)
        if why == "answered":
            return self._done(first, "first", why, None, start)
        second, then = self._ask("then", text, context)
        return self._settle(first, why, second, then, start)

    async def route_async(self, text: str, context: Context = _NO_CONTEXT) -> Routed:
        """As `route`, for members that may be coroutine functions; cancellation passes through."""
        start = self._clock()
        first, why = await self._ask_async("first", text, context)
        if why == "answered":
            return self._done(first, "first", why, None, start)
        second, then = await self._ask_async("then", text, context)
        return self._settle(first, why, second, then, start)

    def _settle(self, first: Any, why: Why, second: Any, then: Why, start: float) -> Routed:  # noqa: ANN401 - members' own
        if second is not None:
            return self._done(second, "then", why, then, start)
        if first is not None:
            return self._done(first, "first", why, then, start)
        raise CascadeError(f"neither router answered: first {why}, then {then}")

    def _ask(self, name: str, text: str, context: Context) -> tuple[Any, Why]:
        member = self._members[name]
        if isinstance(member, Router):
            return _weigh(member.route(text, context))
        if not self._afford():
            return None, "budget"
        try:
            if self._deadline is None:
                return _weigh(member(text, context))
            return _weigh(self._threads().submit(member, text, context).result(self._deadline))
        except TimeoutError:
            return None, self._failed("timeout")
        except Exception:  # noqa: BLE001 - any failure of somebody else's router is what the other one is for; counted
            return None, self._failed("error")

    async def _ask_async(self, name: str, text: str, context: Context) -> tuple[Any, Why]:
        member = self._members[name]
        if isinstance(member, Router):
            return _weigh(member.route(text, context))
        if not self._afford():
            return None, "budget"
        import asyncio  # noqa: PLC0415 - only who awaits needs it

        try:
            async with asyncio.timeout(self._deadline):
                return _weigh(await _call(member, text, context))
        except TimeoutError:
            return None, self._failed("timeout")
        except Exception:  # noqa: BLE001 - any failure of somebody else's router is what the other one is for; counted
            return None, self._failed("error")

    def _afford(self) -> bool:
        """Take one call from the budget, if one is left."""
        if self._budget is None:
            return True
        now = self._clock()
        with self._lock:
            while self._spent and self._spent[0] <= now - self._budget.seconds:
                self._spent.popleft()
            if len(self._spent) < self._budget.calls:
                self._spent.append(now)
                return True
            self._counters = replace(self._counters, over_budget=self._counters.over_budget + 1)
            return False

    def _failed(self, why: Literal["timeout", "error"]) -> Why:
        with self._lock:
            c = self._counters
            timed_out = why == "timeout"
            self._counters = replace(c, timeouts=c.timeouts + timed_out, errors=c.errors + (not timed_out))
        return why

    def _done(
        self,
        decision: Any,  # noqa: ANN401 - members' own
        by: Literal["first", "then"],
        first: Why,
        then: Why | None,
        start: float,
    ) -> Routed:
        seconds = self._clock() - start
        with self._lock:
            c = self._counters
            self._counters = replace(
                c,
                asked=c.asked + 1,
                by_first=c.by_first + (by == "first"),
                by_then=c.by_then + (by == "then"),
                saved=c.saved + (then is None and not isinstance(self._members["then"], Router)),
                seconds=c.seconds + seconds,
            )
        return Routed(decision, by, first, then, seconds)

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            self._pool = self._pool or ThreadPoolExecutor(_THREADS, thread_name_prefix="cascade")
            return self._pool


def _weigh(decision: Any) -> tuple[Any, Why]:  # noqa: ANN401 - members' own
    return decision, "abstained" if getattr(decision, "abstained", False) else "answered"


async def _call(member: Callee, text: str, context: Context) -> Any:  # noqa: ANN401 - members' own
    if inspect.iscoroutinefunction(member) or inspect.iscoroutinefunction(getattr(member, "__call__", None)):  # noqa: B004 - an object's coroutine `__call__`
        return await member(text, context)
    import asyncio  # noqa: PLC0415 - see above

    answer = await asyncio.to_thread(member, text, context)
    return await answer if isinstance(answer, Awaitable) else answer
