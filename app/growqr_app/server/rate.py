"""How many requests one principal may make."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

_MOST_CALLERS = 10_000


class RateLimit:
    """A token bucket for each caller (GCRA: only the time at which a bucket is full again is kept)."""

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = 60 / per_minute
        self._tolerance = self._interval * (burst - 1)
        self._clock = clock
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, caller: Hashable) -> float:
        """Take one request from a caller's bucket. Returns 0, or the seconds until there is one again."""
        now = self._clock()
        full_at = max(self._full_at.pop(caller, now), now)
        wait = full_at - self._tolerance - now
        self._full_at[caller] = full_at if wait > 0 else full_at + self._interval
        if len(self._full_at) > _MOST_CALLERS:  # whoever was not heard of for longest: most likely a full bucket
            self._full_at.popitem(last=False)
        return max(wait, 0.0)
