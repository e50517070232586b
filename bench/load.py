"""The server under load on loopback: requests per second and latency, and its memory over many turns.

    python bench/load.py [--seconds N] [--turns N]

Starts `growqr serve` by itself: one process on SQLite, one and two on a PostgreSQL of the development dependencies. The
load comes from this process, over 16 connections that are kept open; with everything on one machine, the figures are
what is left for the server beside it. Turns go to conversations of ten turns each, and no call to the service is in
them; the last run takes `--turns` of them and reports the memory on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from growqr_testkit.reliability.postgres import PostgresServer

_CONNECTIONS = 16
_PER_CONVERSATION = 10
_PARTS = 5
"""Readings of the memory in the long run."""
MESSAGES = (
    "what can you do in this chat?",
    "I need some changes to the second page of my resume before Friday",
    "thanks, that is all",
    "where do we stand with the interview that I planned?",
    "what is my q score and how is it worked out?",
)
Request = tuple[str, dict[str, object]]
"""Path and body."""


@dataclass(frozen=True, slots=True)
class Server:
    """One process of the server."""

    process: subprocess.Popen[str]
    host: str
    port: int

    @property
    def megabytes(self) -> float:
        """What it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def main() -> None:
    """Measure each arrangement, one after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--turns", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as postgres:
        sqlite = str(Path(folder) / "load.db")
        for name, db, processes in (
            ("1 process, SQLite", sqlite, 1),
            ("1 process, PostgreSQL", postgres.database("one"), 1),
            ("2 processes, PostgreSQL", postgres.database("two"), 2),
        ):
            with _servers(db, processes) as servers:
                _report(f"/v1/route, {name}", servers, _routes, options.seconds)
                _report(f"turns, {name}", servers, _turns("t"), options.seconds)
        with _servers(str(Path(folder) / "long.db"), 1) as servers:
            _long(servers, options.turns)
    print(f"load average {os.getloadavg()[0]:.1f} at the end, {os.cpu_count()} cores")


def _long(servers: list[Server], turns: int) -> None:
    """The memory of one process over many turns."""
    print(f"memory at the start: {servers[0].megabytes:.0f} MB")
    requests = _turns("m")()
    for part in range(1, _PARTS + 1):
        asyncio.run(_load(servers, itertools.islice(requests, turns // _PARTS), math.inf))
        print(f"memory after {turns // _PARTS * part:,} turns: {servers[0].megabytes:.0f} MB")


def _routes() -> Iterator[Request]:
    for text in itertools.cycle(MESSAGES):
        yield "/v1/route", {"text": text}


def _turns(prefix: str) -> Callable[[], Iterator[Request]]:
    def turns() -> Iterator[Request]:
        for number, text in enumerate(itertools.cycle(MESSAGES)):
            # Neighbouring turns belong to different conversations, as those of different people do.
            batch, place = divmod(number, _CONNECTIONS * _PER_CONVERSATION)
            conversation = f"{prefix}{batch}-{place % _CONNECTIONS}"
            yield f"/v1/conversations/{conversation}/messages", {"text": text, "message_id": f"m{number}"}

    return turns


def _report(name: str, servers: list[Server], requests: Callable[[], Iterator[Request]], seconds: float) -> None:
    asyncio.run(
        _load(servers, itertools.islice(requests(), 200), math.inf)
    )  # warms up; the same ids are answered again
    taken, times = asyncio.run(_load(servers, itertools.islice(requests(), 200, None), seconds))
    times.sort()
    median, late = (times[math.ceil(len(times) * share) - 1] * 1000 for share in (0.5, 0.99))
    print(f"{name:36} {len(times) / taken:7.0f} requests/s   median {median:6.1f} ms   p99 {late:6.1f} ms")


async def _load(servers: list[Server], requests: Iterator[Request], seconds: float) -> tuple[float, list[float]]:
    """Send the requests over all connections until they or the seconds are over; seconds taken, and by each."""
    times: list[float] = []
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _, server in zip(range(_CONNECTIONS), itertools.cycle(servers), strict=False):
            group.create_task(_talk(server, requests, began + seconds, times))
    return time.perf_counter() - began, times


async def _talk(server: Server, requests: Iterator[Request], until: float, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    for path, body in requests:
        started = time.perf_counter()
        if started >= until:
            break
        content = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: {server.host}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        await _answer(reader)
        times.append(time.perf_counter() - started)
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    body = await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"the server answered {(head + body)[:300]!r}")


@contextmanager
def _servers(db: str, processes: int) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [stack.enter_context(_server(db)) for _ in range(processes)]


@contextmanager
def _server(db: str) -> Iterator[Server]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GROWQR_")}
    without_limits = {"GROWQR_RATE_PER_MINUTE": "1000000000", "GROWQR_RATE_BURST": "1000000000"}
    command = [str(Path(sys.executable).with_name("growqr")), "serve", "--port", "0", "--db", db]
    environment = {**kept, **without_limits, "GROWQR_LOG_LEVEL": "warning"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            yield _started(process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def _started(process: subprocess.Popen[str]) -> Server:
    said = ""
    for line in process.stderr or ():
        said += line
        if found := re.search(r"contract\s+(http://\S+)/openapi\.json", line):
            parts = urlsplit(found[1])
            return Server(process, parts.hostname or "", parts.port or 0)
    raise RuntimeError(f"the server did not start: {said}")


if __name__ == "__main__":
    main()
