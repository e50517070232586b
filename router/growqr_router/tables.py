"""The fitted weights in the form in which a message is weighed: arrays, in which a feature's number is its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from growqr_router.names import Names
from growqr_router.weights import BIAS, Table, Weights

PAIRED = frozenset({"b", "y"})
"""Kinds of features that are about pairs; of kind `a` some are."""


def is_paired(kind: str, name: str) -> bool:
    """Whether a feature is about a pair of words."""
    return kind in PAIRED or (kind == "a" and " " in name)


@dataclass(frozen=True, slots=True)
class Tables:
    """A feature's weights for each class are `rows[index[start + number]]`; those of row 0 are nothing."""

    starts: dict[str, int]
    """Kind of feature -> where its part of `index` begins, for those about names."""
    pair_starts: dict[str, int]
    """The same for those about pairs."""
    index: NDArray[np.int32]
    rows: Table
    bias: int
    """The row that every message has; 0: there are no weights."""

    @classmethod
    def of(cls, weights: Weights, names: Names) -> Tables:
        """The weights, by the numbers of `names`, which hold all that they are about."""
        starts: dict[bool, dict[str, int]] = {False: {}, True: {}}
        parts: list[NDArray[np.int32]] = []
        size = 0
        for kind, table in weights.tables.items():
            for paired in (False, True):
                rows = {name: row for name, row in table.items() if is_paired(kind, name) == paired}
                if kind == BIAS or not rows:
                    continue
                part = np.zeros(1 + len(names.keys if paired else names.names), dtype=np.int32)
                part[_numbers(rows, names, paired=paired)] = np.array(list(rows.values()), dtype=np.int32) + 1
                starts[paired][kind] = size
                parts.append(part)
                size += len(part)
        nothing = np.zeros((1, len(weights.classes)), dtype=weights.rows.dtype)
        return cls(
            starts[False],
            starts[True],
            np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32),
            np.concatenate([nothing, weights.rows]),
            weights.tables[BIAS][""] + 1 if weights.tables else 0,
        )

    def start(self, kind: str, *, paired: bool) -> int | None:
        """Where a kind's part of `index` begins; None: nothing is known of this kind."""
        return (self.pair_starts if paired else self.starts).get(kind)


def _numbers(rows: Iterable[str], names: Names, *, paired: bool) -> NDArray[np.int64]:
    if not paired:
        return np.array(names.ids(rows), dtype=np.int64)
    words = np.array(names.ids(word for name in rows for word in name.split(" ")), dtype=np.int64).reshape(-1, 2)
    return names.pair_numbers(words[:, 0], words[:, 1])
