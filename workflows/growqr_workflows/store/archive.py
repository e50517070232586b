"""What was kept of conversations: for their people, for audits, for replay, and for how long."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from growqr_workflows.store.driver import Driver, Transaction

ERASED = "(erased)"
"""Stands for the user in the audit trail of an erased person."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One turn as the conversation's record has it."""

    conversation_id: str
    message_id: str
    at: float
    """Seconds since 1970."""
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call of the audit trail."""

    message_id: str
    operation: str
    outcome: str
    """`ok`, or the kind of the error."""
    status: int | None
    """None when no answer came."""


class Archive:
    """Reads and deletes what a database keeps; nothing of it takes part in a turn."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def turns(self, conversation_id: str | None = None, *, page: int = 500) -> AsyncIterator[Recorded]:
        """Every recorded turn, of one conversation or of all, in order; read in pages, so that any number fits."""
        after = 0
        while True:
            rows = await self._page(conversation_id, after, page)
            for row in rows:
                yield Recorded(row[1], row[2], row[3], json.loads(row[4]))
            if len(rows) < page:
                return
            after = rows[-1][0]

    async def calls(self, user_id: str, org_id: str | None = None) -> list[dict[str, Any]]:
        """The audit trail of a user's calls, oldest first."""
        names = ("at", "org_id", "conversation_id", "message_id", "operation", "outcome", "status", "attempts")

        def work(tx: Transaction) -> list[dict[str, Any]]:
            rows = tx.all(
                "SELECT at, org_id, conversation_id, message_id, operation, outcome, status, attempts FROM call"
                " WHERE user_id = ? AND (org_id = ? OR ? = '') ORDER BY seq",
                *(user_id, org_id or "", org_id or ""),
            )
            return [dict(zip(names, row, strict=True)) for row in rows]

        return await self._driver.transact(work)

    async def calls_of(self, conversation_id: str) -> list[RecordedCall]:
        """The audit trail of a conversation's calls, oldest first."""

        def work(tx: Transaction) -> list[RecordedCall]:
            rows = tx.all(
                "SELECT message_id, operation, outcome, status FROM call WHERE conversation_id = ? ORDER BY seq",
                conversation_id,
            )
            return [RecordedCall(*row) for row in rows]

        return await self._driver.transact(work)

    async def export(self, user_id: str, org_id: str | None = None) -> dict[str, Any]:
        """All that is kept about a user, as plain data; of one organisation or of all."""

        def work(tx: Transaction) -> list[dict[str, Any]]:
            owned = tx.all(
                "SELECT id, org_id, snapshot, updated_at FROM conversation"
                " WHERE user_id = ? AND (org_id = ? OR ? = '') ORDER BY id",
                *(user_id, org_id or "", org_id or ""),
            )
            kept = []
            for conversation_id, org, snapshot, updated_at in owned:
                turns = tx.all(
                    "SELECT message_id, received_at, message, answer FROM turn WHERE conversation_id = ? ORDER BY seq",
                    conversation_id,
                )
                events = tx.all("SELECT data FROM event WHERE conversation_id = ? ORDER BY seq", conversation_id)
                effects = tx.all(
                    "SELECT key, message_id, operation, status FROM effect WHERE conversation_id = ? ORDER BY noted_at",
                    conversation_id,
                )
                kept.append(
                    {
                        "conversation_id": conversation_id,
                        "org_id": org,
                        "updated_at": updated_at,
                        "snapshot": json.loads(snapshot),
                        "turns": [_exported(row) for row in turns],
                        "events": [json.loads(row[0]) for row in events],
                        "effects": [
                            dict(zip(("key", "message_id", "operation", "status"), r, strict=True)) for r in effects
                        ],
                    }
                )
            return kept

        conversations = await self._driver.transact(work)
        return {"user_id": user_id, "conversations": conversations, "calls": await self.calls(user_id, org_id)}

    async def erase(self, user_id: str, org_id: str | None = None) -> int:
        """Delete a user's conversations, with all that hangs on them; how many there were.

        The audit trail keeps that calls were made, no longer by whom.
        """

        def work(tx: Transaction) -> int:
            whose = (user_id, org_id or "", org_id or "")
            tx.run(
                "UPDATE call SET user_id = ?, conversation_id = ? WHERE user_id = ? AND (org_id = ? OR ? = '')",
                *(ERASED, ERASED, *whose),
            )
            return tx.run("DELETE FROM conversation WHERE user_id = ? AND (org_id = ? OR ? = '')", *whose)

        return await self._driver.transact(work)

    async def expire(self, older_than: float) -> int:
        """Delete conversations and calls untouched for `older_than` seconds; how many conversations there were."""

        def work(tx: Transaction) -> int:
            tx.run("DELETE FROM call WHERE at < now_s() - ?", older_than)
            return tx.run(
                "DELETE FROM conversation WHERE updated_at < now_s() - ? AND leased_until < now_s()", older_than
            )

        return await self._driver.transact(work)

    async def _page(self, conversation_id: str | None, after: int, size: int) -> list[tuple[Any, ...]]:
        return await self._driver.transact(
            lambda tx: tx.all(
                "SELECT seq, conversation_id, message_id, at, data FROM event"
                " WHERE seq > ? AND (conversation_id = ? OR ? = '') ORDER BY seq LIMIT ?",
                *(after, conversation_id or "", conversation_id or "", size),
            )
        )


def _exported(row: tuple[Any, ...]) -> dict[str, Any]:
    message_id, received_at, message, answer = row
    return {
        "message_id": message_id,
        "received_at": received_at,
        "message": json.loads(message) if message else None,
        "answer": json.loads(answer) if answer else None,
    }
