"""`growqr route`: one message, or a JSONL file."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

from growqr_app import show
from growqr_app.errors import UserError
from growqr_app.lines import route_lines
from growqr_router import Context, Router, UnknownContextError


def route_one(text: str, *, state: str, role: str, as_json: bool) -> None:
    """Print the decision for `text`.

    Raises:
        UserError: the pack has no such state or role.
    """
    try:
        decision = Router.default().route(text, Context(state=state, role=role))
    except UnknownContextError as error:
        raise UserError(f"There is no {error.field} {error.value!r}.", allowed=error.allowed) from error
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
        for answer in route_lines(lines, Router.default()):
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()
