"""`growqr store` and `growqr replay`: what is kept about people, and how recorded messages would be read now."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.text import Text

from growqr_app import show
from growqr_app.database import store_at
from growqr_app.errors import EXIT_DIFFERS, UserError
from growqr_router import Router, UnknownContextError
from growqr_rules import load_pack
from growqr_workflows import replay


def export(db: str, user_id: str, org_id: str | None) -> None:
    """Print all that is kept about a user, as JSON."""

    async def work() -> dict[str, Any]:
        async with store_at(db) as store:
            return await store.archive.export(user_id, org_id)

    sys.stdout.write(json.dumps(asyncio.run(work()), ensure_ascii=False, indent=2) + "\n")


def erase(db: str, user_id: str, org_id: str | None) -> None:
    """Delete all that is kept about a user, and say how much it was."""

    async def work() -> int:
        async with store_at(db) as store:
            return await store.archive.erase(user_id, org_id)

    sys.stdout.write(f"Conversations of {show.clean(user_id)} erased: {asyncio.run(work())}\n")


def expire(db: str, days: float) -> None:
    """Delete what was untouched for `days`, and say how much it was."""

    async def work() -> int:
        async with store_at(db) as store:
            return await store.archive.expire(timedelta(days=days).total_seconds())

    sys.stdout.write(f"Conversations untouched for {days:g} days deleted: {asyncio.run(work())}\n")


def replay_messages(db: str, conversation_id: str | None, pack_folder: Path | None, *, as_json: bool) -> int:
    """Print which recorded messages would be read differently. Returns 0 when none would, else 1.

    Raises:
        UserError: there is no such conversation, or the pack has other states or roles.
        RulesError: the pack cannot be used.
    """
    router = Router(load_pack(pack_folder)) if pack_folder else Router.default()
    console = show.console()

    async def work() -> tuple[int, int, int]:
        read = changed = skipped = 0
        async with store_at(db) as store:
            async for turn in replay(store, router, conversation_id):
                read += 1
                skipped += turn.after is None
                changed += turn.changed
                if not turn.changed or turn.after is None:
                    continue
                differing = [key for key in turn.before if turn.before[key] != turn.after[key]]
                before, after = ({key: side[key] for key in differing} for side in (turn.before, turn.after))
                about = {"conversation": turn.conversation_id, "message": turn.message_id, "text": turn.text}
                if as_json:
                    sys.stdout.write(json.dumps({**about, "before": before, "after": after}, ensure_ascii=False) + "\n")
                else:
                    console.print(Text(show.clean(f"{turn.conversation_id}/{turn.message_id}: {turn.text}")))
                    for key in differing:
                        told = f"  {key}: {json.dumps(before[key])} -> {json.dumps(after[key])}"
                        console.print(Text(show.clean(told), style="yellow"), soft_wrap=True)
        return read, changed, skipped

    try:
        read, changed, skipped = asyncio.run(work())
    except UnknownContextError as error:
        raise UserError(f"The pack {router.pack.manifest.name} does not fit what is recorded: {error}") from error
    if conversation_id is not None and not read:
        raise UserError(f"There is no recorded message of a conversation {conversation_id!r} in this database.")
    if not as_json:
        more = f"; {skipped} hold a job description that was redacted, and are not compared" if skipped else ""
        console.print(f"{changed} of {read} messages would be read differently{more}")
    return EXIT_DIFFERS if changed else 0
