"""The file that answers are written to, one whole line after the other, and how a run that ended early goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from growqr_app.errors import UserError

_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Written:
    """What an earlier run left: `lines` whole lines, which are `size` bytes, the last of them being `last`."""

    lines: int = 0
    size: int = 0
    last: bytes = b""


def create(path: Path) -> BinaryIO:
    """A new file to write to.

    Raises:
        UserError: there is one already.
    """
    try:
        return path.open("xb")
    except FileExistsError as error:
        raise UserError(f"{path} exists. --resume goes on after its last whole line; or name another file.") from error


def reopen(path: Path) -> tuple[BinaryIO, Written]:
    """A file to write on with, and what stands in it; what follows the last line end is a torn line and is cut off."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
    written = _written(file)
    file.truncate(written.size)
    file.seek(written.size)
    return file, written


def _written(file: BinaryIO) -> Written:
    lines = size = read = 0
    for chunk in _chunks(file):
        lines += chunk.count(b"\n")
        if b"\n" in chunk:
            size = read + chunk.rindex(b"\n") + 1
        read += len(chunk)
    return Written(lines, size, _line_before(file, size))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _line_before(file: BinaryIO, end: int) -> bytes:
    """The line that ends at byte `end`."""
    tail, start = b"", end
    while start and b"\n" not in tail[:-1]:
        step = min(_CHUNK, start)
        start -= step
        file.seek(start)
        tail = file.read(step) + tail
    return tail[tail.rfind(b"\n", 0, -1) + 1 :]
