"""The pack's examples, as the fitted parts see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from growqr_rules import Problem, RulesError

_HEADER = "example\tclass\tstate\twords"


class Neighbour(NamedTuple):
    """One example: where it stands (`file:line`), its class, its state, its words as the features see them."""

    source: str
    name: str
    state: str
    words: tuple[str, ...]


class Neighbours:
    """The examples, as a readable table."""

    def __init__(self, examples: Sequence[Neighbour]) -> None:
        self.examples = tuple(examples)

    def write(self, path: Path) -> None:
        """Write a tab-separated table."""
        rows = ("\t".join((e.source, e.name, e.state, " ".join(e.words))) for e in self.examples)
        path.write_text("\n".join((_HEADER, *rows)) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path, classes: Iterable[str]) -> Neighbours:
        """Read the table. Raises `RulesError` when it names classes that the pack does not have."""
        known = frozenset(classes)
        lines = path.read_text(encoding="utf-8").split("\n")[1:]
        examples = [
            Neighbour(s, n, t, tuple(w.split(" "))) for s, n, t, w in (line.split("\t") for line in lines if line)
        ]
        unknown = Counter(example.name for example in examples if example.name not in known)
        if unknown:
            message = f"has examples of unknown classes: {', '.join(sorted(unknown))}; run `growqr rules build`."
            raise RulesError([Problem("R201", str(path), 1, "", message, tuple(sorted(known)))])
        return cls(examples)
