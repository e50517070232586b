"""The database that `--db` names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from growqr_app.errors import UserError
from growqr_workflows import SqlStore, open_store

Synchronous = Literal["NORMAL", "FULL"]


@asynccontextmanager
async def store_at(
    db: str, *, may_be_new: bool = False, synchronous: Synchronous = "NORMAL"
) -> AsyncIterator[SqlStore]:
    """The store at `db`; `synchronous` is for SQLite.

    Raises:
        UserError: there is none, or PostgreSQL's client is not installed.
        StoreError: it cannot be used.
    """
    _check(db, may_be_new=may_be_new)
    try:
        async with open_store(db, synchronous=synchronous) as store:
            yield store
    except ImportError as error:
        raise UserError(str(error)) from error


def _check(db: str, *, may_be_new: bool) -> None:
    scheme, _, rest = db.partition("://")
    if rest and scheme not in ("postgresql", "postgres"):
        raise UserError(f"A database is a file or an address that begins with postgresql://; got {scheme}://...")
    if not rest and not may_be_new and not Path(db).is_file():
        raise UserError(f"There is no database {db}.")


def without_password(db: str) -> str:
    """A store's address as it may be shown."""
    parts = urlsplit(db) if "://" in db else None
    if parts is None or parts.password is None:
        return db
    shown = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{shown}"))
