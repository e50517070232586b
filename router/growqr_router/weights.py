"""The table of fitted weights: feature -> one integer per class. Made by `growqr rules build`, read-only afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from growqr_rules import Problem, RulesError

BIAS = "bias"
"""The kind of the row that every message has; its name is empty."""
_HEADER = "feature"
Table = NDArray[np.signedinteger[Any]]
"""Rows of weights, in the smallest type that holds them."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`rows[tables[kind][name]]` holds a feature's weights for each class, thousandths of a margin."""

    classes: tuple[str, ...]
    tables: dict[str, dict[str, int]]
    rows: Table

    @classmethod
    def of(cls, classes: tuple[str, ...], keys: Iterable[str], rows: Table) -> Weights:
        """Weights from one feature key, `kind:name`, for each row."""
        tables: dict[str, dict[str, int]] = {}
        for row, key in enumerate(keys):
            kind, _, name = key.partition(":")
            tables.setdefault(kind, {})[name] = row
        small = not rows.size or int(np.abs(rows).max()) < 2**15
        return cls(classes, tables, rows.astype(np.int16 if small else np.int32))

    def keys(self) -> dict[str, int]:
        """Each feature's key with its row."""
        return {f"{kind}:{name}" if name else kind: row for kind, t in self.tables.items() for name, row in t.items()}

    def write(self, path: Path) -> None:
        """Write a tab-separated table, features sorted."""
        lines = ["\t".join((_HEADER, *self.classes))]
        lines += [f"{key}\t" + "\t".join(map(str, self.rows[row].tolist())) for key, row in sorted(self.keys().items())]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @classmethod
    def empty(cls, classes: tuple[str, ...]) -> Weights:
        """No weights: every class scores nothing."""
        return cls(classes, {}, np.zeros((0, len(classes)), dtype=np.int32))

    @classmethod
    def read(cls, path: Path, classes: tuple[str, ...]) -> Weights:
        """Read the table. Raises `RulesError` when it is not one for these classes."""
        header, _, body = path.read_text(encoding="utf-8").partition("\n")
        if tuple(header.split("\t")[1:]) != classes:
            message = "was made for other classes; make it again with `growqr rules build`."
            raise RulesError([Problem("R201", str(path), 1, "", message, classes)])
        keys, numbers = [], []
        for line in body.splitlines():
            key, _, rest = line.partition("\t")
            keys.append(key)
            numbers.append(rest)
        rows = np.array(" ".join(numbers).split(), dtype=np.int32).reshape(len(keys), len(classes))
        return cls.of(classes, keys, rows)
