"""What a whole turn costs without the service's own time: route, decide, claim, call, commit, reply.

    python bench/turns.py [--turns N]

Prints, per store and kind of turn, the CPU milliseconds of this process and the milliseconds on the clock, each the
median of rounds of twenty turns; first what the router takes of it. The service is a canned answer behind the real
client. PostgreSQL, whose own CPU time is not counted, comes from the development dependencies.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from growqr_router import Context, Router
from growqr_testkit.reliability.postgres import PostgresServer
from growqr_testkit.sandbox import Sandbox, sandbox_token
from growqr_workflows import Agent, InterviewService, Principal, open_store

_ME = Principal(user_id="u1", org_id="o1")
_ROUND = 20
KINDS = {
    "an answer, no call": "what can you do in this chat and how does a session work?",
    "a preview, one call": "mock interview for a nurse at Mercy Hospital, 15 minutes, hard, plan first please",
}


def main() -> None:
    """Measure every store in this process, one after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=1000)
    turns = parser.parse_args().turns
    asyncio.run(_alone(turns))
    with _places() as places:
        for name, address in places:
            asyncio.run(_measure(name, address, turns))
    print(f"load average {os.getloadavg()[0]:.1f} at the end, {os.cpu_count()} cores")


@contextmanager
def _places() -> Iterator[list[tuple[str, str]]]:
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as server:
        yield [
            ("SQLite in memory", ":memory:"),
            ("SQLite file", str(Path(folder) / "turns.db")),
            ("PostgreSQL on this machine", server.database("turns")),
        ]


async def _measure(name: str, address: str, turns: int) -> None:
    async with open_store(address) as store, await _service() as client:
        agent = Agent(Router.default(), InterviewService(client), store)
        for kind, text in KINDS.items():
            await _rounds(
                name, kind, turns, lambda n, kind=kind, text=text: agent.handle(f"{kind} {n}", _ME, "m1", text)
            )


async def _alone(turns: int) -> None:
    async def route(text: str) -> None:
        Router.default().route(text, Context(state="none"))

    for kind, text in KINDS.items():
        await _rounds("the router alone", kind, turns, lambda _, text=text: route(text))


async def _rounds(name: str, kind: str, turns: int, take: Callable[[int], Awaitable[object]]) -> None:
    """Time rounds of turns, the first of which warms up, and print the medians."""
    cpu, clock = [], []
    for first in range(0, turns + _ROUND, _ROUND):
        started, began = time.process_time(), time.perf_counter()
        for turn in range(first, first + _ROUND):
            await take(turn)
        cpu.append((time.process_time() - started) * 1000 / _ROUND)
        clock.append((time.perf_counter() - began) * 1000 / _ROUND)
    print(f"{name:28} {kind:20} {statistics.median(cpu[1:]):6.2f} ms CPU {statistics.median(clock[1:]):6.2f} ms")


async def _service() -> httpx.AsyncClient:
    """A client whose every request gets the answer that the sandbox gives to the first."""
    token = sandbox_token(_ME.user_id, _ME.org_id, role=_ME.role, email=None)
    headers = {"Authorization": f"Bearer {token}"}
    kept: list[bytes] = []
    sandbox = httpx.ASGITransport(Sandbox().app)

    async def answer(request: httpx.Request) -> httpx.Response:
        if not kept:
            kept.append(await (await sandbox.handle_async_request(request)).aread())
        return httpx.Response(200, content=kept[0], headers={"Content-Type": "application/json"})

    return httpx.AsyncClient(base_url="http://service", transport=httpx.MockTransport(answer), headers=headers)


if __name__ == "__main__":
    main()
