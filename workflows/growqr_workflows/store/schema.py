"""The tables, as numbered steps: each database is brought up to date when it is opened, under a lock."""

from __future__ import annotations

from growqr_workflows.store.driver import Dialect, Driver, Transaction
from growqr_workflows.store.errors import Unusable

# Append only: a released step is never changed. `{counting_key}` is the dialect's. Times are seconds since 1970.
_STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE conversation (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL,
            org_id TEXT NOT NULL,
            version BIGINT NOT NULL,
            snapshot TEXT NOT NULL,
            token BIGINT NOT NULL,
            leased_until DOUBLE PRECISION NOT NULL,
            updated_at DOUBLE PRECISION NOT NULL
        )""",
        "CREATE INDEX conversation_owner ON conversation (user_id, org_id)",
        "CREATE INDEX conversation_age ON conversation (updated_at)",
        # message and principal are dropped when the turn is answered.
        """CREATE TABLE turn (
            seq {counting_key},
            conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            message_id TEXT NOT NULL,
            payload_hash TEXT NOT NULL,
            message TEXT,
            principal TEXT,
            attempts INTEGER NOT NULL,
            received_at DOUBLE PRECISION NOT NULL,
            answer TEXT,
            UNIQUE (conversation_id, message_id)
        )""",
        "CREATE INDEX turn_waiting ON turn (conversation_id, seq) WHERE answer IS NULL",
        """CREATE TABLE effect (
            key TEXT PRIMARY KEY,
            conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            message_id TEXT NOT NULL,
            operation TEXT NOT NULL,
            request_hash TEXT NOT NULL,
            action TEXT NOT NULL,
            status TEXT NOT NULL,
            noted_at DOUBLE PRECISION NOT NULL
        )""",
        "CREATE INDEX effect_turn ON effect (conversation_id, message_id)",
        """CREATE TABLE event (
            seq {counting_key},
            conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            message_id TEXT NOT NULL,
            at DOUBLE PRECISION NOT NULL,
            data TEXT NOT NULL
        )""",
        "CREATE INDEX event_conversation ON event (conversation_id, seq)",
        # The audit trail outlives the conversation: no foreign key.
        """CREATE TABLE call (
            seq {counting_key},
            at DOUBLE PRECISION NOT NULL,
            user_id TEXT NOT NULL,
            org_id TEXT NOT NULL,
            conversation_id TEXT NOT NULL,
            message_id TEXT NOT NULL,
            operation TEXT NOT NULL,
            outcome TEXT NOT NULL,
            status INTEGER,
            attempts INTEGER NOT NULL,
            milliseconds DOUBLE PRECISION NOT NULL
        )""",
        "CREATE INDEX call_user ON call (user_id, org_id)",
    ),
)


async def migrate(driver: Driver) -> None:
    """Bring a database up to date.

    Raises:
        Unusable: it was written by a newer program.
    """
    await driver.transact(lambda tx: _migrate(tx, driver.dialect))


def _migrate(tx: Transaction, dialect: Dialect) -> None:
    for statement in dialect.prepare:
        tx.run(statement)
    tx.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    row = tx.one("SELECT version FROM schema_version")
    present = row[0] if row else 0
    if present > len(_STEPS):
        raise Unusable(f"it has schema {present}; this program knows up to {len(_STEPS)}: use a newer one")
    for step in _STEPS[present:]:
        for statement in step:
            tx.run(statement.format(counting_key=dialect.counting_key))
    tx.run("DELETE FROM schema_version")
    tx.run("INSERT INTO schema_version (version) VALUES (?)", len(_STEPS))
