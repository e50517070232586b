"""Where conversations are kept: SQLite by default, PostgreSQL for many workers."""

from growqr_workflows.store.archive import Archive, Recorded, RecordedCall
from growqr_workflows.store.errors import Busy, Conflict, NotYours, Stale, StoreError, Unavailable, Unusable
from growqr_workflows.store.open import open_store
from growqr_workflows.store.protocol import Answered, Claim, Effect, EffectStatus, Incoming, Result, Store
from growqr_workflows.store.sql import SqlStore

__all__ = [
    "Answered",
    "Archive",
    "Busy",
    "Claim",
    "Conflict",
    "Effect",
    "EffectStatus",
    "Incoming",
    "NotYours",
    "Recorded",
    "RecordedCall",
    "Result",
    "SqlStore",
    "Stale",
    "Store",
    "StoreError",
    "Unavailable",
    "Unusable",
    "open_store",
]
