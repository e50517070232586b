"""Open a store by its address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from growqr_workflows.store.driver import Driver
from growqr_workflows.store.schema import migrate
from growqr_workflows.store.sql import SqlStore
from growqr_workflows.store.sqlite import SqliteDriver, Synchronous

_SERVERS = ("postgresql://", "postgres://")


@asynccontextmanager
async def open_store(
    address: str = ":memory:",
    *,
    synchronous: Synchronous = "NORMAL",
    lease: float = 30.0,
    grace: float = 2.0,
) -> AsyncIterator[SqlStore]:
    """The store at `address`, with its tables brought up to date.

    Args:
        address: a `postgresql://` URL, a file for SQLite, or `:memory:`.
        synchronous: for SQLite, how much a commit survives.
        lease: seconds that a worker holds a conversation unless it renews.
        grace: seconds after which another worker goes on with a turn that its own has left.

    Raises:
        Unavailable, Unusable: the database cannot be opened.
        ImportError: PostgreSQL is asked for and psycopg is not installed.
    """
    driver = driver_for(address, synchronous)
    try:
        await migrate(driver)
        yield SqlStore(driver, lease=lease, grace=grace)
    finally:
        await driver.close()


def driver_for(address: str, synchronous: Synchronous = "NORMAL") -> Driver:
    """The driver for an address; its tables are not looked at."""
    if not address.startswith(_SERVERS):
        return SqliteDriver(address, synchronous=synchronous)
    from growqr_workflows.store.postgres import PostgresDriver  # noqa: PLC0415 - psycopg is an extra

    return PostgresDriver(address)
