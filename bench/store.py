"""What the store adds to a turn, on each database.

    python bench/store.py [--turns N]

Prints, per store, the milliseconds of a turn's three transactions (receive, note one effect, commit) one after the
other, and the turns per second of 16 conversations at once. PostgreSQL comes from the development dependencies.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from growqr_testkit.reliability.postgres import PostgresServer
from growqr_workflows import Principal, SqlStore, open_store
from growqr_workflows.store import Claim, Effect, Incoming, Result
from growqr_workflows.store.sqlite import Synchronous

_ME = Principal(user_id="u1", org_id="o1")
_AT_ONCE = 16


def main() -> None:
    """Measure every store in this process, one after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=1000)
    turns = parser.parse_args().turns
    with _places() as places:
        for name, address, synchronous in places:
            alone, rate = asyncio.run(_measure(address, synchronous, turns))
            print(f"{name:32} {alone:6.2f} ms a turn (median)   {rate:7.0f} turns/s, {_AT_ONCE} at once")


@contextmanager
def _places() -> Iterator[list[tuple[str, str, Synchronous]]]:
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as server:
        yield [
            ("SQLite in memory", ":memory:", "NORMAL"),
            ("SQLite file, synchronous NORMAL", str(Path(folder) / "normal.db"), "NORMAL"),
            ("SQLite file, synchronous FULL", str(Path(folder) / "full.db"), "FULL"),
            ("PostgreSQL on this machine", server.database("bench"), "NORMAL"),
        ]


async def _measure(address: str, synchronous: Synchronous, turns: int) -> tuple[float, float]:
    async with open_store(address, synchronous=synchronous) as store:
        times = []
        for number in range(turns):
            started = time.perf_counter()
            await _turn(store, "alone", number)
            times.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        await asyncio.gather(*(_talk(store, f"c{n}", turns // _AT_ONCE) for n in range(_AT_ONCE)))
        return statistics.median(times), turns // _AT_ONCE * _AT_ONCE / (time.perf_counter() - started)


async def _talk(store: SqlStore, conversation: str, turns: int) -> None:
    for number in range(turns):
        await _turn(store, conversation, number)


async def _turn(store: SqlStore, conversation: str, number: int) -> None:
    claim = await store.receive(Incoming(conversation, _ME, f"m{number}", '"hello"'))
    if not isinstance(claim, Claim):
        raise TypeError(f"nobody else talks here, yet the store gave {claim!r}")
    key = f"{conversation}-{number}"
    await store.note(claim, Effect(key, "preview", "hash", "preview"))
    await store.commit(claim, Result(claim.snapshot, '"answer"', {key: "done"}, {"text": "hello"}))


if __name__ == "__main__":
    main()
