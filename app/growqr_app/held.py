"""A conversation of the store as what a golden is recorded from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from growqr_testkit.golden.record import About, Held, Line
from growqr_workflows import SqlStore
from growqr_workflows.record import JOB_DESCRIPTION
from growqr_workflows.service.operations import OPERATIONS
from growqr_workflows.store import Recorded, RecordedCall

_FAULTS = {"unknown": "timeout", "rejected": "422", "forbidden": "403", "not_found": "404", "malformed": "malformed"}
"""How a call ended -> the fault that ends it so again."""


async def held_in(store: SqlStore, conversation_id: str, about: About) -> tuple[About, Held] | None:
    """A conversation with its sessions and the faults that it met; None where there is no such one.

    The role is that of the conversation where it is on record.

    Raises:
        StoreError: the store cannot be used.
    """
    turns = [turn async for turn in store.archive.turns(conversation_id)]
    if not turns:
        return None
    told = [turn for turn in turns if turn.data.get("text") or turn.data.get("event")]
    lines = [Line(turn.data.get("text"), turn.data.get("event"), turn.data["states"][1]) for turn in told]
    role = next((turn.data["context"]["role"] for turn in told if "context" in turn.data), about.role)
    faults = list(_faults(told, await store.archive.calls_of(conversation_id)))
    held = Held(lines, sessions_of(turn.data["session_id"] for turn in told), faults)
    return About(about.name, role, about.email, about.person), held


def sessions_of(ids: Iterable[str | None]) -> list[str]:
    """Each session once, in order."""
    return list(dict.fromkeys(session for session in ids if session))


def redacted(held: Held) -> str | None:
    """What to tell of a job description that the store did not keep."""
    if not any(JOB_DESCRIPTION in (line.text or "") for line in held.lines):
        return None
    return f"A job description was redacted in the store; {JOB_DESCRIPTION} stands in its place."


def _faults(turns: Sequence[Recorded], calls: Sequence[RecordedCall]) -> Iterator[dict[str, Any]]:
    """An entry of the service's script for each call that failed; `turns` count messages, events do not."""
    number = 0
    for turn in turns:
        number += "text" in turn.data
        for call in calls:
            if call.message_id == turn.message_id and call.outcome != "ok":
                operation = OPERATIONS[call.operation]
                lost = "503" if call.status is not None else "timeout"
                fault = _FAULTS.get(call.outcome, lost)
                yield {"on": f"{operation.method} {operation.path}", "turns": [max(number, 1)], "fault": fault}
