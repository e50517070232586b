"""`growqr golden run --watch`: play again whenever a golden or a file of the pack changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from growqr_app import show
from growqr_app.errors import UserError
from growqr_app.goldens import GoldenRun
from growqr_router import Router
from growqr_rules import DEFAULT_PACK, RulesError, load_pack

_PAUSE = 0.5
"""Seconds between two looks."""
_Stamps = dict[Path, tuple[int, int]]


def watch_goldens(run: GoldenRun, sleep: Callable[[float], None] = time.sleep) -> int:
    """Play, and again after each change, until interrupted (Ctrl-C). Returns 0: whoever watches has seen the rest."""
    folder = run.pack or DEFAULT_PACK
    rules, console = _stamps([folder]), show.console()
    with suppress(KeyboardInterrupt):
        router: Router | None = run.router()
        while True:
            files = _stamps(run.paths)
            try:
                router = router or Router(load_pack(folder))
                run.play(router)
            except (RulesError, UserError) as error:
                console.print(show.clean(str(error)), style="bold red", markup=False, soft_wrap=True)
            console.print("Waiting for a change; Ctrl-C ends.", style="dim")
            while _stamps(run.paths) == files and _stamps([folder]) == rules:
                sleep(_PAUSE)
            if _stamps([folder]) != rules:
                router, rules = None, _stamps([folder])
    return 0


def _stamps(paths: Iterable[Path]) -> _Stamps:
    """Time and size of every file; a file that goes away meanwhile is left out."""
    found: _Stamps = {}
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else [path]:
            with suppress(FileNotFoundError):
                status = file.stat()
                found[file] = (status.st_mtime_ns, status.st_size)
    return found
