"""A store in memory: for tests, chats and the first day."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from growqr_workflows.principal import Principal
from growqr_workflows.snapshot import Snapshot
from growqr_workflows.store.protocol import Busy, Claim, Conflict, Effect, NotYours, Stale


@dataclass(slots=True)
class _Conversation:
    owner: tuple[str, str]
    snapshot: Snapshot = field(default_factory=Snapshot)
    turns: dict[str, tuple[str, Any]] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)
    token: int = 0
    held_until: float = 0.0
    freed: asyncio.Condition = field(default_factory=asyncio.Condition)


class MemoryStore:
    """Keeps everything in this process. Snapshots are copied in and out, so that nobody shares them."""

    def __init__(
        self, *, lease: float = 60.0, patience: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`lease`: seconds a claim holds; `patience`: seconds a turn waits for another; `clock`: monotonic seconds."""
        self._conversations: dict[str, _Conversation] = {}
        self._lease = lease
        self._patience = patience
        self._clock = clock

    async def claim(self, conversation_id: str, principal: Principal, message_id: str, payload_hash: str) -> Claim:
        """See `Store.claim`."""
        kept = self._of(conversation_id, principal)
        async with kept.freed:
            try:
                async with asyncio.timeout(self._patience):
                    while kept.held_until > self._clock():
                        await kept.freed.wait()
            except TimeoutError:
                raise Busy(f"another turn of {conversation_id} is still under way") from None
            if message_id in kept.turns:
                known, answer = kept.turns[message_id]
                if known != payload_hash:
                    raise Conflict(f"message {message_id} was already sent with another content")
                return Claim(conversation_id, message_id, payload_hash, kept.token, answer=answer)
            kept.token += 1
            kept.held_until = self._clock() + self._lease
            snapshot = kept.snapshot.model_copy(deep=True)
            return Claim(conversation_id, message_id, payload_hash, kept.token, snapshot)

    async def note(self, claim: Claim, effect: Effect) -> None:
        """See `Store.note`."""
        self._held(claim).effects[effect.key] = effect

    async def commit(self, claim: Claim, snapshot: Snapshot, answer: Any) -> None:  # noqa: ANN401 - the agent's
        """See `Store.commit`."""
        kept = self._held(claim)
        kept.snapshot = snapshot.model_copy(deep=True)
        kept.turns[claim.message_id] = (claim.payload_hash, answer)
        await self._free(kept)

    async def release(self, claim: Claim) -> None:
        """See `Store.release`."""
        kept = self._conversations[claim.conversation_id]
        if kept.token == claim.token:
            await self._free(kept)

    async def read(self, conversation_id: str, principal: Principal) -> Snapshot:
        """See `Store.read`."""
        return self._of(conversation_id, principal).snapshot.model_copy(deep=True)

    def _of(self, conversation_id: str, principal: Principal) -> _Conversation:
        owner = (principal.user_id, principal.org_id)
        kept = self._conversations.setdefault(conversation_id, _Conversation(owner))
        if kept.owner != owner:
            raise NotYours("this conversation belongs to somebody else")
        return kept

    def _held(self, claim: Claim) -> _Conversation:
        kept = self._conversations[claim.conversation_id]
        if kept.token != claim.token:
            raise Stale("another worker has taken the conversation over")
        return kept

    @staticmethod
    async def _free(kept: _Conversation) -> None:
        async with kept.freed:
            kept.held_until = 0.0
            kept.freed.notify_all()
