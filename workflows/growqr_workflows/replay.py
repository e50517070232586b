"""Route a store's recorded messages again, with today's pack or another one, and say what would change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from growqr_router import Context, Router
from growqr_workflows.record import JOB_DESCRIPTION, slots_on_record
from growqr_workflows.store import SqlStore

_COMPARED = ("route", "intent", "abstained", "slots")


@dataclass(frozen=True, slots=True)
class Replayed:
    """One recorded message, read again."""

    conversation_id: str
    message_id: str
    text: str
    """As recorded: redacted."""
    before: dict[str, Any]
    """`route`, `intent`, `abstained` and `slots` as they were decided."""
    after: dict[str, Any] | None
    """The same as decided now; None where too much was redacted to tell (a job description)."""

    @property
    def changed(self) -> bool:
        """Whether the message is read differently now."""
        return self.after is not None and self.after != self.before


async def replay(store: SqlStore, router: Router, conversation_id: str | None = None) -> AsyncIterator[Replayed]:
    """Every recorded message of one conversation or of all, in order, with its decision then and now."""
    async for turn in store.archive.turns(conversation_id):
        text, kept = turn.data.get("text"), turn.data.get("decision")
        if text is None or kept is None:
            continue
        after = None
        if JOB_DESCRIPTION not in text:
            decision = router.route(text, Context(**turn.data["context"]))
            after = {
                "route": decision.route,
                "intent": decision.intent,
                "abstained": decision.abstained,
                "slots": slots_on_record(text, decision),
            }
        yield Replayed(turn.conversation_id, turn.message_id, text, {k: kept[k] for k in _COMPARED}, after)
