"""PostgreSQL: one database for many workers. psycopg lives here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from growqr_workflows.store.driver import Dialect, Row, T, Work
from growqr_workflows.store.errors import Unavailable, Unusable

try:
    import psycopg
    from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout, TooManyRequests
except ImportError as missing:
    raise ImportError("PostgreSQL needs psycopg: pip install 'growqr-interview-agent[postgres]'") from missing

_RESTS = (0.0, 0.05, 0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each attempt: together a little longer than a server takes to restart."""
_WAIT_FOR_CONNECTION = 5.0


class PostgresDriver:
    """One PostgreSQL database, through a pool. The tables are in the schema `growqr`."""

    dialect = Dialect(
        counting_key="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        prepare=("SELECT pg_advisory_xact_lock(7127453902)", "CREATE SCHEMA IF NOT EXISTS growqr"),
    )

    def __init__(self, url: str, *, connections: int = 10, rests: Sequence[float] = _RESTS) -> None:
        """`url` is a libpq URL; `connections` bounds the pool; `rests`: seconds before each attempt."""
        self._rests = rests
        self._url = url
        self._reached = False
        self._place = urlsplit(url).path.lstrip("/") or "the default database"
        self._pool = ConnectionPool(
            url, min_size=1, max_size=connections, open=False, timeout=_WAIT_FOR_CONNECTION, configure=_configure
        )
        # Waiting for a statement costs a thread a fraction of what it costs the event loop.
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="growqr-postgres")

    async def transact(self, work: Work[T]) -> T:
        """See `Driver.transact`."""
        error: Exception | None = None
        for rest in self._rests:
            await asyncio.sleep(rest)
            try:
                # A cancelled caller leaves the transaction to its end: it is then whole, as after a lost reply.
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._transact, work)
            except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, TooManyRequests) as lost:
                error = lost
            except PoolClosed as closed:
                raise Unavailable("the store is closed") from closed
            except psycopg.Error as refused:
                raise Unusable(f"PostgreSQL ({self._place}) refuses: {_first_line(refused)}") from refused
        raise Unavailable(f"PostgreSQL ({self._place}) cannot be reached: {_first_line(error)}") from error

    async def close(self) -> None:
        """See `Driver.close`."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._pool.close)
        self._threads.shutdown()

    def _transact(self, work: Work[T]) -> T:
        if not self._reached:
            # The pool would only say that it waited; a connection of our own says what is wrong with the address.
            psycopg.connect(self._url, connect_timeout=5).close()
            self._pool.open()
            self._reached = True
        with self._pool.connection() as connection:
            return work(_PostgresTransaction(connection))


def _configure(connection: psycopg.Connection[Any]) -> None:
    connection.execute("SET search_path TO growqr")
    connection.commit()


def _first_line(error: Exception | None) -> str:
    return str(error).strip().split("\n", 1)[0]


class _PostgresTransaction:
    """Statements of a psycopg transaction."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def all(self, sql: str, *parameters: Any) -> list[Row]:  # noqa: ANN401 - any column value
        return self._execute(sql, parameters).fetchall()

    def one(self, sql: str, *parameters: Any) -> Row | None:  # noqa: ANN401 - any column value
        row: Row | None = self._execute(sql, parameters).fetchone()
        return row

    def run(self, sql: str, *parameters: Any) -> int:  # noqa: ANN401 - any column value
        return self._execute(sql, parameters).rowcount

    def _execute(self, sql: str, parameters: tuple[Any, ...]) -> psycopg.Cursor[Any]:
        return self._connection.execute(_translated(sql), parameters)


@lru_cache(maxsize=256)
def _translated(sql: str) -> bytes:
    return sql.replace("?", "%s").replace("now_s()", "extract(epoch FROM clock_timestamp())::double precision").encode()
