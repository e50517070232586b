"""The parts of a pack that are fitted to its examples; kept as readable files beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from growqr_router.calibration import Calibration
from growqr_router.neighbours import Neighbours
from growqr_router.weights import Weights
from growqr_rules import Pack

_WEIGHTS = "weights.tsv"
_NEIGHBOURS = "neighbours.tsv"
_VOCABULARY = "vocabulary.tsv"
_CALIBRATION = "calibration.yaml"


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights, the examples as neighbours, vocabulary and calibration."""

    weights: Weights
    neighbours: Neighbours
    vocabulary: Counter[str]
    """Folded word -> how often it stands in the examples."""
    calibration: Calibration

    @classmethod
    def nothing(cls, pack: Pack) -> Learned:
        """Of a pack without fitted parts: its rules decide alone."""
        return cls(Weights.empty(pack.classes), Neighbours(()), Counter(), Calibration.identity())

    @classmethod
    def read(cls, pack: Pack) -> Learned:
        """Read what the pack's folder holds. Raises `RulesError` where a file does not fit the pack."""
        if pack.folder is None:
            return cls.nothing(pack)
        weights, words, near = (pack.folder / name for name in (_WEIGHTS, _VOCABULARY, _NEIGHBOURS))
        lines = words.read_text(encoding="utf-8").splitlines() if words.exists() else []
        return cls(
            Weights.read(weights, pack.classes) if weights.exists() else Weights.empty(pack.classes),
            Neighbours.read(near, pack.classes) if near.exists() else Neighbours(()),
            Counter({word: int(count) for word, _, count in (line.partition("\t") for line in lines)}),
            Calibration.read(pack.folder / _CALIBRATION),
        )

    def write(self, folder: Path) -> None:
        """Write the files into the pack's folder."""
        self.weights.write(folder / _WEIGHTS)
        self.neighbours.write(folder / _NEIGHBOURS)
        lines = [f"{word}\t{count}\n" for word, count in sorted(self.vocabulary.items())]
        (folder / _VOCABULARY).write_text("".join(lines), encoding="utf-8")
        (folder / _CALIBRATION).write_text(self.calibration.to_yaml(), encoding="utf-8")
