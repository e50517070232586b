"""Where conversations are kept."""

from growqr_workflows.store.memory import MemoryStore
from growqr_workflows.store.protocol import (
    Busy,
    Claim,
    Conflict,
    Effect,
    NotYours,
    Stale,
    Store,
    StoreError,
)

__all__ = ["Busy", "Claim", "Conflict", "Effect", "MemoryStore", "NotYours", "Stale", "Store", "StoreError"]
