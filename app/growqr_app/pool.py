"""JSONL lines routed by several processes, answered in order."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from growqr_app.errors import UserError
from growqr_app.lines import route_lines
from growqr_router import Router

_BATCH = 64
"""Lines that go to a process at once: enough that sending costs nothing, few enough to keep all busy at the end."""
_AHEAD = 4
"""Batches under way per process; this bounds the memory, however long the stream is."""


def route_in_pool(lines: Iterable[bytes], workers: int, *, first: int = 1) -> Iterator[bytes]:
    """As `route_lines` with the default router, by `workers` processes; yields the answers of a batch at a time.

    Raises:
        UserError: a process died.
    """
    spawn = multiprocessing.get_context("spawn")  # forking copies locks that another thread may hold
    pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start)
    try:
        yield from _in_order(pool, _batches(lines, first), workers * _AHEAD)
    except BrokenProcessPool as error:
        raise UserError(
            "A worker process died: killed, or out of memory? With --output FILE, --resume goes on from there."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, batches: Iterator[tuple[int, list[bytes]]], most: int) -> Iterator[bytes]:
    under_way: deque[Future[bytes]] = deque()
    for first, batch in batches:
        under_way.append(pool.submit(_route, batch, first))
        if len(under_way) == most:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def _batches(lines: Iterable[bytes], first: int) -> Iterator[tuple[int, list[bytes]]]:
    source = iter(lines)
    while batch := list(islice(source, _BATCH)):
        yield first, batch
        first += len(batch)


def _start() -> None:
    """An interrupt from the terminal reaches every process; only the first one is to answer it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Router.default()


def _route(batch: list[bytes], first: int) -> bytes:
    return b"".join(route_lines(batch, Router.default(), first=first))
