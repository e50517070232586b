"""SQLite: embedded, in a file or in memory. One connection, in one thread of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

from growqr_workflows.store.driver import Dialect, Row, T, Work
from growqr_workflows.store.errors import Unavailable, Unusable

Synchronous = Literal["NORMAL", "FULL"]
"""NORMAL survives the end of the process, FULL also a power cut."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
_WHY = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program holds it locked",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: does its folder exist, and may it be written?",
    sqlite3.SQLITE_IOERR: "reading or writing failed",
}


class SqliteDriver:
    """One SQLite database. `transact` may be called from any task; transactions follow each other in one thread."""

    dialect = Dialect(counting_key="INTEGER PRIMARY KEY AUTOINCREMENT", prepare=())

    def __init__(
        self,
        path: str,
        *,
        synchronous: Synchronous = "NORMAL",
        patience: float = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`path` is a file, or `:memory:`; `patience`: seconds that a transaction waits for another program's."""
        self._path = path
        self._synchronous = synchronous
        self._patience = patience
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="growqr-sqlite")
        self._connection: sqlite3.Connection | None = None

    async def transact(self, work: Work[T]) -> T:
        """See `Driver.transact`."""
        # A cancelled caller leaves the transaction to its end: it is then whole, as after a lost reply.
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def close(self) -> None:
        """See `Driver.close`."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _transact(self, work: Work[T]) -> T:
        try:
            connection = self._connection or self._connect()
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(_SqliteTransaction(connection))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._explained(error) from error
        return result

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=self._patience, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.create_function("now_s", 0, self._clock)
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _explained(self, error: sqlite3.Error) -> Unavailable | Unusable:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            self._disconnect()
            return Unusable(f"{self._path} is damaged or no database ({error}); restore a copy of it or name another")
        return Unavailable(f"the database {self._path} cannot be used now: {_WHY.get(code, error)}")


class _SqliteTransaction:
    """Statements of one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, sql: str, *parameters: Any) -> list[Row]:  # noqa: ANN401 - any column value
        return self._execute(sql, parameters).fetchall()

    def one(self, sql: str, *parameters: Any) -> Row | None:  # noqa: ANN401 - any column value
        row: Row | None = self._execute(sql, parameters).fetchone()
        return row

    def run(self, sql: str, *parameters: Any) -> int:  # noqa: ANN401 - any column value
        return self._execute(sql, parameters).rowcount

    def _execute(self, sql: str, parameters: tuple[Any, ...]) -> sqlite3.Cursor:
        # A transaction holds the whole database: there are no rows to lock.
        return self._connection.execute(sql.replace(" FOR UPDATE", ""), parameters)
