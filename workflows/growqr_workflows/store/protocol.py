"""What the agent needs of a store: take turns in, one at a time per conversation, and never lose or redo one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from growqr_workflows.principal import Principal
from growqr_workflows.service import CallRecord
from growqr_workflows.snapshot import Snapshot

EffectStatus = Literal["in_flight", "done", "unknown"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message or event as it was delivered."""

    conversation_id: str
    principal: Principal
    message_id: str
    payload: str
    """JSON text; the same message id with another payload is a conflict."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One call with an effect, written down before it is sent."""

    key: str
    """The idempotency key."""
    operation: str
    request_hash: str
    action: str
    """For the person, after "I couldn't": `prepare the plan`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The message was answered before: this is what was said."""

    answer: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's hold on a conversation, for the oldest turn that has no answer."""

    incoming: Incoming
    token: int
    """The fencing number: rises with every claim; a commit with an older one is refused."""
    attempt: int
    """1 for the first worker that has this turn."""
    snapshot: Snapshot
    interrupted: tuple[Effect, ...]
    """Calls of earlier attempts whose end was not written down."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a turn came to: committed as one."""

    snapshot: Snapshot
    answer: str
    effects: Mapping[str, EffectStatus] = field(default_factory=dict)
    """Idempotency key -> how the call ended."""
    event: Mapping[str, Any] = field(default_factory=dict)
    """The conversation's record of the turn, without personal data that nothing needs."""
    calls: Sequence[CallRecord] = ()


class Store(Protocol):
    """A conversation store. Every method raises `StoreError`; each is one transaction and may be repeated."""

    lease: float
    """Seconds that a claim holds, unless it is renewed."""

    async def receive(self, incoming: Incoming) -> Answered | Claim | None:
        """Take a message in and claim its conversation, for the oldest turn waiting there.

        Returns:
            The stored answer; or a claim, for this message or for an older one that its worker left; or None while
            the conversation is held or an older message is about to be claimed by its own worker: ask again.

        Raises:
            Conflict, NotYours
        """

    async def take_over(self, conversation_id: str) -> Claim | None:
        """Claim a conversation for a turn that its worker left; None when there is none."""

    async def abandoned(self) -> list[str]:
        """The conversations with a turn that its worker left, longest first."""

    async def note(self, claim: Claim, effect: Effect) -> None:
        """Write an effect down as in flight, before it is sent. Raises `Stale`."""

    async def renew(self, claim: Claim) -> None:
        """Hold the conversation for another lease. Raises `Stale`."""

    async def commit(self, claim: Claim, result: Result) -> None:
        """Store snapshot, answer, event, effects and calls, and let go. Raises `Stale`."""

    async def release(self, claim: Claim) -> None:
        """Let go without an answer: the next worker goes on with the turn."""

    async def withdraw(self, incoming: Incoming) -> None:
        """Take back a message that no worker has begun."""

    async def read(self, conversation_id: str, principal: Principal) -> Snapshot:
        """The committed snapshot; an empty one for an unknown conversation. Raises `NotYours`."""
