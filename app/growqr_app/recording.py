"""`growqr golden record`: a golden from a chat, from a store, or from a log of messages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from growqr_app import show
from growqr_app.chat import talk
from growqr_app.database import store_at
from growqr_app.errors import UserError
from growqr_app.held import held_in, redacted, sessions_of
from growqr_app.seat import sandbox_service
from growqr_rules import Problem, RulesError
from growqr_rules.source import read_jsonl
from growqr_testkit.golden import load_conversations, report_text, run
from growqr_testkit.golden.record import About, Held, Line, NotPlayableError, record
from growqr_workflows import Principal

_EVENTS = ("session_live", "session_ended", "video_uploaded")


def record_chat(out: Path, about: About) -> None:
    """Hold a chat against a sandbox and write it down at its end. Raises as `_write`."""
    _check(out)
    me = Principal(user_id="user_local", org_id="org_local", email=about.email, role=about.role, name=about.person)
    with sandbox_service(me) as service:
        turns = talk(service, me)
    lines = [Line(None if t.event else t.said, t.event, t.answer.state) for t in turns]
    _write(out, about, Held(lines, sessions_of(t.answer.outcome.session_id for t in turns)))


def record_log(out: Path, about: About, log: Path) -> None:
    """Play the messages of a JSONL file against a sandbox and write that down.

    Raises:
        RulesError: a line is neither a `text` nor an `event`.
        UserError, OSError: as `_write`.
    """
    _check(out)
    problems: list[Problem] = []
    lines = [line for number, row in read_jsonl(log, problems) for line in _line(log, number, row, problems)]
    if problems:
        raise RulesError(problems)
    _write(out, about, Held(lines))


def record_store(out: Path, about: About, db: str, conversation_id: str) -> None:
    """Write down a conversation of the store at `db`; the faults that it met are scripted.

    Raises:
        UserError: there is no such conversation, or as `_write`.
        StoreError: the store cannot be used.
    """
    _check(out)

    async def read() -> tuple[About, Held] | None:
        async with store_at(db) as store:
            return await held_in(store, conversation_id, about)

    found = asyncio.run(read())
    if found is None:
        raise UserError(f"There is no recorded message of a conversation {conversation_id!r} in this database.")
    _write(out, *found)
    note = redacted(found[1])
    if note:
        _say(note)


def _line(log: Path, number: int, row: dict[str, Any], problems: list[Problem]) -> Iterator[Line]:
    text, event = row.get("text"), row.get("event")
    if isinstance(text, str) and text.strip() and event is None:
        yield Line(text)
    elif text is None and event in _EVENTS:
        yield Line(None, event)
    else:
        problems.append(
            Problem("G105", str(log), number, "", "has no `text`, and no `event` of those there are", _EVENTS)
        )


def _check(out: Path) -> None:
    """Before anybody has typed a whole conversation."""
    if out.exists():
        raise UserError(f"{out} is there already; name a new file.")
    if not out.parent.is_dir():
        raise UserError(f"There is no folder {out.parent}.")


def _write(out: Path, about: About, held: Held) -> None:
    """Write the golden and play it, to be sure of it.

    Raises:
        UserError: there is nothing to play, or the golden does not hold.
        OSError: the file cannot be written.
    """
    try:
        recorded = asyncio.run(record(about, held))
    except NotPlayableError as error:
        raise UserError(f"Nothing was written: {error}.") from error
    out.write_text(recorded.text, encoding="utf-8")
    results = run(load_conversations([out]))
    for told in recorded.otherwise:
        _say(f"Note: {told}.")
    if not all(result.passed for result in results):
        raise UserError(f"{out} was written, but does not hold:\n{report_text(results)}")
    _say(f"{out}: {len(held.lines)} turns, and it holds. Read it: what a reply must say is for you to judge.")


def _say(text: str) -> None:
    show.console().print(show.clean(text), markup=False, soft_wrap=True)
