"""`growqr route`: one message, or a JSONL file."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

from growqr_app import show
from growqr_app.lines import Allowed, route_lines
from growqr_router import Context, Router


def allowed_in(router: Router) -> Allowed:
    """The states and roles of the router's pack."""
    manifest = router.pack.manifest
    return Allowed(states=tuple(manifest.states), roles=tuple(manifest.roles))


def route_one(text: str, *, state: str, role: str, as_json: bool) -> None:
    """Print the decision for `text`.

    Raises:
        UserError: the pack has no such state or role.
    """
    router = Router.default()
    decision = router.route(text, allowed_in(router).check(Context(state=state, role=role)))
    if as_json:
        sys.stdout.write(decision.to_json() + "\n")
    else:
        show.console().print(show.why(decision, text))


def route_file(name: str) -> None:
    """Route each line of the JSONL file `name` (`-`: standard input) to standard output, line by line.

    Raises:
        OSError: the file cannot be read.
    """
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as lines:
        router = Router.default()
        for answer in route_lines(lines, router, allowed_in(router)):
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()
