"""The store's logic, once, in the SQL that both databases speak.

A turn goes through up to three short transactions: *receive* (write the message down, claim the conversation), *note*
(write an effect down before it is sent) and *commit* (snapshot, answer, event and the effect's end, as one). No
transaction is open while a service is called. Whoever claims next sees what an interrupted worker left.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from growqr_workflows.principal import Principal
from growqr_workflows.snapshot import Snapshot
from growqr_workflows.store.archive import Archive
from growqr_workflows.store.driver import Driver, Transaction
from growqr_workflows.store.errors import Conflict, NotYours, Stale
from growqr_workflows.store.protocol import Answered, Claim, Effect, Incoming, Result
from growqr_workflows.store.snapshots import load_snapshot

_PRINCIPAL = TypeAdapter(Principal)
_TAKEN_OVER = "another worker has taken the conversation over"


class SqlStore:
    """Conversations in a database; `archive` is what was kept of them."""

    def __init__(self, driver: Driver, *, lease: float = 30.0, grace: float = 2.0) -> None:
        """`lease`: seconds that a claim holds unless renewed; `grace`: seconds in which a turn is its own worker's."""
        self._driver = driver
        self.archive = Archive(driver)
        self.lease = lease
        self._grace = grace

    async def close(self) -> None:
        """Let go of the database."""
        await self._driver.close()

    async def receive(self, incoming: Incoming) -> Answered | Claim | None:
        """See `Store.receive`."""
        payload_hash = hashlib.sha256(incoming.payload.encode()).hexdigest()
        me = incoming.principal

        def work(tx: Transaction) -> Answered | Claim | None:
            known = self._lock_conversation(tx, incoming.conversation_id)
            if known is None:
                known = self._begin(tx, incoming)
            if known is None or known.owner != (me.user_id, me.org_id):
                raise NotYours("this conversation belongs to somebody else")
            new = tx.run(
                "INSERT INTO turn"
                " (conversation_id, message_id, payload_hash, message, principal, attempts, received_at)"
                " VALUES (?, ?, ?, ?, ?, 0, now_s()) ON CONFLICT (conversation_id, message_id) DO NOTHING",
                *(incoming.conversation_id, incoming.message_id, payload_hash, incoming.payload),
                _PRINCIPAL.dump_json(me).decode(),
            )
            if not new:
                turn = tx.one(
                    "SELECT payload_hash, answer FROM turn WHERE conversation_id = ? AND message_id = ?",
                    *(incoming.conversation_id, incoming.message_id),
                )
                if turn is None:
                    return None  # withdrawn at this moment
                if turn[0] != payload_hash:
                    raise Conflict(f"message {incoming.message_id} was already sent with another content")
                if turn[1] is not None:
                    return Answered(turn[1])
            return self._claim(tx, incoming.conversation_id, known, mine=incoming.message_id)

        return await self._driver.transact(work)

    async def take_over(self, conversation_id: str) -> Claim | None:
        """See `Store.take_over`."""

        def work(tx: Transaction) -> Claim | None:
            known = self._lock_conversation(tx, conversation_id)
            return self._claim(tx, conversation_id, known, mine=None) if known else None

        return await self._driver.transact(work)

    async def abandoned(self) -> list[str]:
        """See `Store.abandoned`."""

        def work(tx: Transaction) -> list[str]:
            rows = tx.all(
                "SELECT c.id FROM conversation c JOIN turn t ON t.conversation_id = c.id AND t.answer IS NULL"
                " WHERE c.leased_until + ? < now_s() GROUP BY c.id"
                " HAVING min(t.received_at) + ? < now_s() ORDER BY min(t.seq)",
                *(self._grace, self._grace),
            )
            return [row[0] for row in rows]

        return await self._driver.transact(work)

    async def note(self, claim: Claim, effect: Effect) -> None:
        """See `Store.note`."""
        turn = claim.incoming

        def work(tx: Transaction) -> None:
            noted = tx.run(
                "INSERT INTO effect"
                " (key, conversation_id, message_id, operation, request_hash, action, status, noted_at)"
                " SELECT ?, id, ?, ?, ?, ?, 'in_flight', now_s() FROM conversation"
                " WHERE id = ? AND token = ? FOR UPDATE"
                " ON CONFLICT (key) DO UPDATE SET status = 'in_flight'",
                *(effect.key, turn.message_id, effect.operation, effect.request_hash, effect.action),
                *(turn.conversation_id, claim.token),
            )
            if not noted:
                raise Stale(_TAKEN_OVER)

        await self._driver.transact(work)

    async def renew(self, claim: Claim) -> None:
        """See `Store.renew`."""

        def work(tx: Transaction) -> None:
            held = tx.run(
                "UPDATE conversation SET leased_until = now_s() + ? WHERE id = ? AND token = ?",
                *(self.lease, claim.incoming.conversation_id, claim.token),
            )
            if not held:
                raise Stale(_TAKEN_OVER)

        await self._driver.transact(work)

    async def commit(self, claim: Claim, result: Result) -> None:
        """See `Store.commit`."""
        turn = claim.incoming
        where = (turn.conversation_id, turn.message_id)

        def work(tx: Transaction) -> None:
            changed = tx.run(
                "UPDATE conversation SET snapshot = ?, version = version + 1,"
                " leased_until = now_s(), updated_at = now_s()"
                " WHERE id = ? AND token = ? AND EXISTS"
                " (SELECT 1 FROM turn WHERE conversation_id = ? AND message_id = ? AND answer IS NULL)",
                *(result.snapshot.model_dump_json(), turn.conversation_id, claim.token, *where),
            )
            if not changed:
                known = self._lock_conversation(tx, turn.conversation_id)
                if known is None or known.token != claim.token:
                    raise Stale(_TAKEN_OVER)
                return  # a repetition after a lost connection: the first one was committed
            tx.run(
                "UPDATE turn SET answer = ?, message = NULL, principal = NULL"
                " WHERE conversation_id = ? AND message_id = ?",
                *(result.answer, *where),
            )
            tx.run(
                "UPDATE effect SET status = 'unknown' WHERE conversation_id = ? AND message_id = ?"
                " AND status = 'in_flight'",
                *where,
            )
            for key, status in result.effects.items():
                tx.run("UPDATE effect SET status = ? WHERE key = ?", status, key)
            tx.run(
                "INSERT INTO event (conversation_id, message_id, at, data) VALUES (?, ?, now_s(), ?)",
                *(*where, json.dumps(result.event, sort_keys=True)),
            )
            for call in result.calls:
                tx.run(
                    "INSERT INTO call (at, user_id, org_id, conversation_id, message_id, operation, outcome, status,"
                    " attempts, milliseconds) VALUES (now_s(), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    *(turn.principal.user_id, turn.principal.org_id, *where),
                    *(call.operation, call.outcome, call.status, call.attempts, round(call.milliseconds, 3)),
                )

        await self._driver.transact(work)

    async def release(self, claim: Claim) -> None:
        """See `Store.release`."""

        def work(tx: Transaction) -> None:
            tx.run(
                "UPDATE conversation SET leased_until = now_s() WHERE id = ? AND token = ?",
                *(claim.incoming.conversation_id, claim.token),
            )

        await self._driver.transact(work)

    async def withdraw(self, incoming: Incoming) -> None:
        """See `Store.withdraw`."""

        def work(tx: Transaction) -> None:
            tx.run(
                "DELETE FROM turn WHERE conversation_id = ? AND message_id = ? AND attempts = 0 AND answer IS NULL",
                *(incoming.conversation_id, incoming.message_id),
            )

        await self._driver.transact(work)

    async def read(self, conversation_id: str, principal: Principal) -> Snapshot:
        """See `Store.read`."""

        def work(tx: Transaction) -> Snapshot:
            row = tx.one("SELECT user_id, org_id, snapshot FROM conversation WHERE id = ?", conversation_id)
            if row is None:
                return Snapshot()
            if (row[0], row[1]) != (principal.user_id, principal.org_id):
                raise NotYours("this conversation belongs to somebody else")
            return load_snapshot(row[2])

        return await self._driver.transact(work)

    async def answered(self, conversation_id: str) -> int:
        """How many turns of a conversation were answered; 0 for an unknown one."""
        row = await self._driver.transact(
            lambda tx: tx.one("SELECT count(*) FROM event WHERE conversation_id = ?", conversation_id)
        )
        return int(row[0]) if row else 0

    async def ping(self) -> None:
        """Ask the database for nothing. Raises `StoreError` when it does not answer."""
        await self._driver.transact(lambda tx: tx.one("SELECT 1"))

    def _lock_conversation(self, tx: Transaction, conversation_id: str) -> _Known | None:
        row = tx.one(
            "SELECT user_id, org_id, snapshot, token, leased_until, now_s() FROM conversation WHERE id = ? FOR UPDATE",
            conversation_id,
        )
        return _known(row) if row else None

    def _begin(self, tx: Transaction, incoming: Incoming) -> _Known | None:
        """Make a conversation, and lock it; the one that another worker has made meanwhile."""
        row = tx.one(
            "INSERT INTO conversation (id, user_id, org_id, version, snapshot, token, leased_until, updated_at)"
            " VALUES (?, ?, ?, 0, ?, 0, 0, now_s()) ON CONFLICT (id) DO NOTHING"
            " RETURNING user_id, org_id, snapshot, token, leased_until, now_s()",
            *(incoming.conversation_id, incoming.principal.user_id, incoming.principal.org_id),
            Snapshot().model_dump_json(),
        )
        return _known(row) if row else self._lock_conversation(tx, incoming.conversation_id)

    def _claim(self, tx: Transaction, conversation_id: str, known: _Known, *, mine: str | None) -> Claim | None:
        """The oldest waiting turn, where nobody holds the conversation and it is `mine` or was left."""
        if known.leased_until > known.now:
            return None
        head = tx.one(
            "SELECT message_id, message, principal, attempts, received_at FROM turn"
            " WHERE conversation_id = ? AND answer IS NULL ORDER BY seq LIMIT 1",
            conversation_id,
        )
        if head is None:
            return None
        message_id, message, principal, attempts, received_at = head
        if message_id != mine and known.now - max(known.leased_until, received_at) < self._grace:
            return None
        tx.run(
            "UPDATE turn SET attempts = attempts + 1 WHERE conversation_id = ? AND message_id = ?",
            *(conversation_id, message_id),
        )
        tx.run(
            "UPDATE conversation SET token = token + 1, leased_until = now_s() + ? WHERE id = ?",
            *(self.lease, conversation_id),
        )
        turn = Incoming(conversation_id, _PRINCIPAL.validate_json(principal), message_id, message)
        interrupted = self._interrupted(tx, turn) if attempts else ()
        return Claim(turn, known.token + 1, attempts + 1, load_snapshot(known.snapshot), interrupted)

    def _interrupted(self, tx: Transaction, turn: Incoming) -> tuple[Effect, ...]:
        """The calls of earlier attempts whose end nobody wrote down."""
        rows = tx.all(
            "SELECT key, operation, request_hash, action FROM effect"
            " WHERE conversation_id = ? AND message_id = ? AND status = 'in_flight' ORDER BY noted_at",
            *(turn.conversation_id, turn.message_id),
        )
        return tuple(Effect(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class _Known:
    """A locked conversation row."""

    owner: tuple[str, str]
    snapshot: str
    token: int
    leased_until: float
    now: float


def _known(row: tuple[Any, ...]) -> _Known:
    return _Known((row[0], row[1]), *row[2:])
