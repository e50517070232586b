"""How far a long run is: one line on standard error, with rate and remaining time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TextIO

_WIDTH = 24
_EVERY = 0.5
"""Seconds between two drawings on a terminal."""
_EVERY_LOGGED = 10.0
"""Seconds between two lines elsewhere, as in a log."""


class Progress:
    """Drawn over itself on a terminal, line below line elsewhere."""

    def __init__(
        self, out: TextIO, total: int | None, *, start: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`total`: bytes of the input, None where nobody knows; `start`: bytes that an earlier run has done."""
        self._out = out
        self._total = total
        self._start = start
        self._clock = clock
        self._began = self._drawn = clock()
        self._lines = 0
        self._read = start
        self._over = out.isatty()

    def add(self, lines: int, read: int) -> None:
        """`lines` more are answered; `read` bytes of the input are read in all."""
        self._lines += lines
        self._read = read
        if self._clock() - self._drawn >= (_EVERY if self._over else _EVERY_LOGGED):
            self._draw("" if self._over else "\n")

    def close(self) -> None:
        """Draw a last time and leave the line."""
        self._draw("\n")

    def _draw(self, end: str) -> None:
        self._drawn = self._clock()
        self._out.write(f"\r\x1b[K{self._told()}{end}" if self._over else f"{self._told()}{end}")
        self._out.flush()

    def _told(self) -> str:
        seconds = max(self._clock() - self._began, 1e-9)
        done = f"{self._lines:,} lines, {self._lines / seconds:,.0f}/s"
        if not self._total:
            return done
        share = min(self._read / self._total, 1.0)
        fresh = self._read - self._start
        left = round((self._total - self._read) * seconds / fresh) if fresh else 0
        bar = "#" * round(share * _WIDTH)
        return f"[{bar:<{_WIDTH}}] {share:4.0%}  {done}, {timedelta(seconds=max(left, 0))} left"
