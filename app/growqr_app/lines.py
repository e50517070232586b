"""`growqr route --jsonl`: one JSON object in, one JSON object out, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Protocol

from growqr_app.errors import UserError
from growqr_router import Context, Decision, UnknownContextError

_CONTEXT_TYPES: Mapping[str, tuple[type, ...]] = {
    "state": (str,),
    "role": (str,),
    "last_intent": (str, type(None)),
    "expects": (str, type(None)),
    "draft": (dict,),
}
_BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 2**20
"""Bytes; four times what the longest text that is read can take, written in escapes."""


class Routes(Protocol):
    """What this module needs of a router."""

    def route(self, text: str, context: Context) -> Decision:
        """The decision for one message."""
        ...


class Lines:
    """The lines of a binary stream, with their line ends; of a line longer than `LONGEST_LINE` only the beginning.

    Attributes:
        read: bytes taken from the stream so far.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.read = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield one line after the other, without reading ahead of the stream's own buffer."""
        while line := self._piece():
            piece = line
            while len(piece) > LONGEST_LINE and not piece.endswith(b"\n"):
                piece = self._piece()
            yield line

    def _piece(self) -> bytes:
        piece = self._stream.readline(LONGEST_LINE + 1)
        self.read += len(piece)
        return piece


def route_lines(lines: Iterable[bytes], router: Routes, *, first: int = 1) -> Iterator[bytes]:
    r"""Route each line of a JSONL stream and yield one line (with its `\n`) for it, in order and without reading ahead.

    A line is `{"text": ..., "context": {...}}`; `context` may be absent. Its other keys come back beside the keys of
    the `Decision`, which win where both have one. A line that cannot be used, an empty one too, yields
    `{"line": its number, "error": {"code", "message"}}` with whatever other keys could be read.

    Args:
        lines: with or without line ends.
        router: decides.
        first: the number of the first of the lines.
    """
    for number, line in enumerate(lines, first):
        yield route_line(line.removeprefix(_BOM) if number == 1 else line, router, number) + b"\n"


def route_line(line: bytes, router: Routes, number: int | None = None) -> bytes:
    """The answer to one line, without line end; `number` is told with an error, where it is known."""
    carried: dict[str, Any] = {}
    try:
        row = _parse(line)
        carried = {key: value for key, value in row.items() if key not in ("text", "context")}
        decision = router.route(_text(row), _context(row.get("context")))
    except _LineError as error:
        return _dump(carried | _told(error.code, error, number))
    except (UserError, UnknownContextError) as error:
        return _dump(carried | _told("bad_context", error, number))
    return _dump({**carried, **decision.to_dict()})


def _told(code: str, error: Exception, number: int | None) -> dict[str, Any]:
    where = {} if number is None else {"line": number}
    return {**where, "error": {"code": code, "message": str(error)}}


class _LineError(Exception):
    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def _parse(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise _LineError("too_long", f"The line is longer than {LONGEST_LINE:,} bytes.")
    if not line.strip():
        raise _LineError("bad_json", "The line is empty.")
    try:
        row = json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise _LineError("bad_encoding", f"The line is not UTF-8 ({error.reason} at byte {error.start}).") from error
    except ValueError as error:
        raise _LineError("bad_json", f"The line is not JSON: {error}.") from error
    except RecursionError as error:
        raise _LineError("bad_json", "The line is nested too deep.") from error
    if not isinstance(row, dict):
        raise _LineError("bad_json", "The line is not a JSON object.")
    return row


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _text(row: Mapping[str, Any]) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise _LineError("bad_text", "`text` is missing." if text is None else "`text` is not a string.")
    return text


def _context(given: object) -> Context:
    if given is None:
        return Context()
    if not isinstance(given, dict):
        raise UserError("`context` is not an object.")
    for key, value in given.items():
        if key not in _CONTEXT_TYPES:
            raise UserError(f"`context.{key}` is not a known key.", allowed=tuple(_CONTEXT_TYPES))
        if not isinstance(value, _CONTEXT_TYPES[key]):
            raise UserError(f"`context.{key}` cannot be {json.dumps(value)}.")
    return Context(**given)


def _dump(answer: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON; a lone surrogate, which JSON can name and UTF-8 cannot hold, goes out as the escape it came in as."""
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")
