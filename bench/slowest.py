"""Looks for texts that take long: prints each that is slower than all before, in milliseconds per 1,000 characters.

    pip install atheris
    python bench/slowest.py [--seconds N]

atheris mutates texts towards code that was not reached before, starting from messages and from small parts repeated. A
text counts by the quicker of two readings, one of less than 500 characters as if it had 500.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["growqr_router"]):
    from growqr_router import Router

from growqr_router.router import LONGEST_TEXT

_PARTS = ("'", "a ", "- ", "1 ", "no ", "interview ", "a-", "Of The ", "? ", "x@y.z ", '"a" ', "\n", "not ", "1. Why? ")
_LEAST = 500


class Slowest:
    """Reads texts and tells of the slowest."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._most = 0.0

    def __call__(self, data: bytes) -> None:
        """Read the text that these bytes are."""
        text = data.decode("utf-8", "ignore")[:LONGEST_TEXT]
        cost = min(self._seconds(text), self._seconds(text)) * 1e6 / max(len(text), _LEAST)
        if cost > self._most:
            self._most = cost
            print(f"{cost:8.1f} ms per 1,000 characters, {len(text)} of them: {text[:80]!r}", flush=True)

    def _seconds(self, text: str) -> float:
        start = time.perf_counter()
        self._router.route(text).to_json()
        return time.perf_counter() - start


def main() -> None:
    """Fuzz for a while."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    router = Router.default().warm()
    examples = sorted((router.pack.folder or Path()).glob("examples/*.jsonl"))
    with tempfile.TemporaryDirectory() as folder:
        seeds = [part * (size // len(part)) for part in _PARTS for size in (40, 2000)]
        seeds += examples[0].read_text(encoding="utf-8").splitlines()[:200]
        for number, seed in enumerate(seeds):
            (Path(folder) / str(number)).write_text(seed, encoding="utf-8")
        limits = [f"-max_total_time={options.seconds}", "-max_len=4000", "-timeout=60"]
        atheris.Setup([sys.argv[0], *limits, folder], Slowest(router))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
