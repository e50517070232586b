"""`growqr route`: one message, or a JSONL file."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from growqr_app import show
from growqr_app.answers import Written, create, reopen
from growqr_app.errors import UserError
from growqr_app.lines import Lines, route_lines
from growqr_app.pool import route_in_pool
from growqr_app.progress import Progress
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a JSONL file is routed."""

    workers: int = 1
    output: Path | None = None
    """Where the answers go; None: standard output."""
    resume: bool = False
    """Go on after the last whole line of `output`."""
    progress: bool | None = None
    """Show how far it is; None: where standard error is a terminal that the answers do not go to."""


def route_file(name: str, run: Run) -> None:
    """Route each line of the JSONL file `name` (`-`: standard input), in order, in memory that does not grow.

    Raises:
        OSError: a file cannot be read or written.
        UserError: `run.output` exists and is not to be resumed, or holds the answers to something else.
    """
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
        lines = Lines(stream)
        out, written = _open(run)
        with out as answers:
            _skip(lines, written, name, run.output)
            progress = _progress(run, stream, lines.read)
            for batch in _answers(lines, run.workers, written.lines + 1):
                answers.write(batch)
                answers.flush()
                if progress is not None:
                    progress.add(batch.count(b"\n"), lines.read)
            if progress is not None:
                progress.close()


def _open(run: Run) -> tuple[AbstractContextManager[BinaryIO], Written]:
    if run.output is None:
        return nullcontext(sys.stdout.buffer), Written()
    return reopen(run.output) if run.resume else (create(run.output), Written())


def _answers(lines: Lines, workers: int, first: int) -> Iterator[bytes]:
    if workers == 1:
        return route_lines(lines, Router.default(), first=first)
    return route_in_pool(lines, workers, first=first)


def _skip(lines: Lines, written: Written, name: str, output: Path | None) -> None:
    """Pass over the lines that are answered; the last of them, routed again, must give the answer that is there."""
    line = b""
    for number, line in enumerate(islice(lines, written.lines), 1):
        if number == written.lines and next(route_lines([line], Router.default(), first=number)) == written.last:
            return
    if written.lines:
        raise UserError(
            f"{output}:{written.lines} is not the answer to line {written.lines} of {name}: another input, or other "
            "rules. Write to another file."
        )


def _progress(run: Run, stream: BinaryIO, start: int) -> Progress | None:
    hidden = run.output is None and sys.stdout.isatty()
    if not (sys.stderr.isatty() and not hidden if run.progress is None else run.progress):
        return None
    status = os.fstat(stream.fileno())
    return Progress(sys.stderr, status.st_size if stat.S_ISREG(status.st_mode) else None, start=start)
