"""`growqr golden run --accept`: show what would change in golden files, ask, and write it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

import typer
from rich.text import Text

from growqr_app import show
from growqr_app.errors import EXIT_DIFFERS
from growqr_app.goldens import GoldenRun, run_goldens
from growqr_testkit.golden.accept import Accepted, accept

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def accept_goldens(run: GoldenRun, *, ask: bool) -> int:
    """Play, show the changes as a diff, write them unless the person says no, and play again.

    Returns:
        0 when all hold in the end, else 1.
    """
    results = list(run.results())
    files = accept(results)
    changed = [file for file in files if file.after != file.before]
    console = show.console()
    for line in (line for file in changed for line in _diff(file)):
        console.print(Text(show.clean(line), style=_STYLES.get(line[:1], "")), soft_wrap=True)
    for file in files:
        for number, key in sorted(file.left):
            console.print(f"{file.file}:{number}: {key} is for you to decide", markup=False, soft_wrap=True)
    if not changed:
        console.print("There is nothing to accept.")
        return EXIT_DIFFERS if files else 0
    if ask and not _agreed(changed):
        console.print("Nothing was written.")
        return EXIT_DIFFERS
    for file in changed:
        file.file.write_bytes(file.after.encode("utf-8"))
    return run_goldens(run)


def _agreed(changed: Sequence[Accepted]) -> bool:
    try:
        return typer.confirm(f"Write {len(changed)} file{'s' if len(changed) > 1 else ''}?")
    except typer.Abort:
        return False


def _diff(file: Accepted) -> Iterator[str]:
    before, after = file.before.splitlines(), file.after.splitlines()
    return difflib.unified_diff(before, after, str(file.file), str(file.file), lineterm="")
