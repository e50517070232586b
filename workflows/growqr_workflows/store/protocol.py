"""What the agent needs of a store: claim a conversation, note effects before they are sent, commit, answer again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from growqr_workflows.principal import Principal
from growqr_workflows.snapshot import Snapshot


class StoreError(Exception):
    """Base of this tree: `Conflict`, `Busy`, `Stale`, `NotYours`."""


class Conflict(StoreError):
    """The same message id came with another payload."""


class Busy(StoreError):
    """Another turn of the conversation did not finish in time."""


class Stale(StoreError):
    """The claim's lease ran out and somebody else has the conversation: nothing was committed."""


class NotYours(StoreError):
    """The conversation belongs to another user or organisation."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One call with an effect, by its idempotency key."""

    key: str
    operation: str
    status: Literal["in_flight", "done", "unknown"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A turn's hold on a conversation."""

    conversation_id: str
    message_id: str
    payload_hash: str
    token: int
    """The fencing number: rises with every claim; a commit with an older one is refused."""
    snapshot: Snapshot = field(default_factory=Snapshot)
    answer: Any = None
    """The stored answer, where this message was answered before; nothing is to be done then."""


class Store(Protocol):
    """A conversation store."""

    async def claim(self, conversation_id: str, principal: Principal, message_id: str, payload_hash: str) -> Claim:
        """Hold a conversation, waiting for a turn under way.

        Raises:
            Conflict, Busy, NotYours
        """

    async def note(self, claim: Claim, effect: Effect) -> None:
        """Write an effect down before it is sent, or how it ended. Raises `Stale`."""

    async def commit(self, claim: Claim, snapshot: Snapshot, answer: Any) -> None:  # noqa: ANN401 - the agent's
        """Store the new snapshot and the answer, and let go. Raises `Stale`."""

    async def release(self, claim: Claim) -> None:
        """Let go without a change."""

    async def read(self, conversation_id: str, principal: Principal) -> Snapshot:
        """The committed snapshot; an empty one for an unknown conversation. Raises `NotYours`."""
