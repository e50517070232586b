"""What the SQL logic needs of a database: short transactions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Row = tuple[Any, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the two databases' table definitions differ."""

    counting_key: str
    """Column type of a key that counts up."""
    prepare: tuple[str, ...]
    """Statements before the tables are looked after: only one program at a time may, until its transaction ends."""


class Transaction(Protocol):
    """Statements of one transaction, in SQL that both databases know but for three words that drivers translate.

    `?` is a parameter; `now_s()` the database's own clock, in seconds since 1970 (one clock for all workers); and
    `FOR UPDATE` locks the rows of a query until the transaction ends.
    """

    def all(self, sql: str, *parameters: Any) -> list[Row]:  # noqa: ANN401 - any column value
        """Every row of a query."""

    def one(self, sql: str, *parameters: Any) -> Row | None:  # noqa: ANN401 - any column value
        """The first row of a query."""

    def run(self, sql: str, *parameters: Any) -> int:  # noqa: ANN401 - any column value
        """Execute; how many rows were changed."""


Work = Callable[[Transaction], T]


class Driver(Protocol):
    """A database."""

    dialect: Dialect

    async def transact(self, work: Work[T]) -> T:
        """Run `work` in a thread, in one transaction: all of it or nothing. After a lost connection it is run again.

        Raises:
            Unavailable, Unusable
        """

    async def close(self) -> None:
        """Let go of the database."""
