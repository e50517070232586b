"""Derived data kept between processes: files in the user's cache directory, named by what they are made from.

A file that is missing, damaged or cannot be written costs time and nothing else: what it holds is made again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

FOLDER = "GROWQR_CACHE_DIR"
"""The environment variable that moves the folder; `$XDG_CACHE_HOME/growqr` or `~/.cache/growqr` without it."""
_KEPT = 4
"""Files of one kind (what its name begins with, up to the first dash) that stay, the newest."""
_CHECK = 16
"""Bytes before the data: its checksum, padded so that arrays in the data stay aligned."""


def cache_folder() -> Path:
    """Where the files are."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "growqr"


def cache_key(code: Path, *parts: str) -> str:
    """What a derived file is named by: a digest of what it is made from and of the package in the folder `code`."""
    digest = hashlib.sha256("\n".join(parts).encode())
    for path in sorted(code.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_cached(name: str) -> memoryview | None:
    """The bytes kept under `name`; None when there are none, or not those that were written."""
    try:
        data = memoryview((cache_folder() / name).read_bytes())
    except (OSError, RuntimeError):  # RuntimeError: the user has no home
        return None
    body = data[_CHECK:]
    return body if zlib.crc32(body).to_bytes(_CHECK, "big") == data[:_CHECK] else None


def write_cached(name: str, data: bytes) -> None:
    """Keep `data` under `name` if the folder can be written: whole, or not at all."""
    temporary = None
    try:
        folder = cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=name)
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.crc32(data).to_bytes(_CHECK, "big"))
            file.write(data)
        Path(temporary).replace(folder / name)
        kind = name.partition("-")[0]
        for outdated in sorted(folder.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime_ns)[:-_KEPT]:
            outdated.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
