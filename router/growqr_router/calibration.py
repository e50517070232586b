"""From scores to the probability that the route is right: monotone, fitted on held-out examples, kept in the pack."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import exp
from operator import attrgetter
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from growqr_router.reading import Scores
from growqr_rules import RulesError
from growqr_rules.source import Problem, read_yaml, validate

TEMPERATURE = 300.0
"""Thousandths of a margin that make one class e times as likely as another, before calibration."""

_DOUBT = 0.5
"""The most of its share that a route loses when it knows none of a message's words."""


class Bin(BaseModel):
    """One line of the reliability table."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    raw: float
    """Lower end of the raw confidence."""
    right: float
    """Share of held-out messages from here on (to the next bin) whose route was right, made monotone."""
    messages: int


class Calibration(BaseModel):
    """Raw confidence -> calibrated probability, a step function interpolated linearly."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    made_with: str
    """The command that made it."""
    bins: list[Bin]

    @model_validator(mode="after")
    def _monotone(self) -> Calibration:
        for a, b in zip(self.bins, self.bins[1:], strict=False):
            if a.raw >= b.raw or a.right > b.right:
                raise ValueError("bins must rise in `raw` and not fall in `right`")
        return self

    def __call__(self, raw: float) -> float:
        """The calibrated probability of a raw confidence; the raw one itself when there is no table."""
        if not self.bins:
            return round(raw, 6)
        i = bisect_right(self.bins, raw, key=attrgetter("raw")) - 1
        if i < 0:
            return round(self.bins[0].right, 6)
        if i == len(self.bins) - 1:
            return round(self.bins[i].right, 6)
        low, high = self.bins[i], self.bins[i + 1]
        share = (raw - low.raw) / (high.raw - low.raw)
        return round(low.right + share * (high.right - low.right), 6)

    @classmethod
    def identity(cls) -> Calibration:
        """No table: the raw confidence stands."""
        return cls(made_with="", bins=[])

    def to_yaml(self) -> str:
        """The file's text."""
        lines = [f"made_with: {self.made_with}", "bins:"]
        lines += [f"  - {{raw: {b.raw}, right: {b.right}, messages: {b.messages}}}" for b in self.bins]
        return "\n".join(lines) + "\n"

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Read `calibration.yaml`; without the file, the identity. Raises `RulesError`."""
        if not path.exists():
            return cls.identity()
        problems: list[Problem] = []
        source = read_yaml(path, problems)
        made = validate(cls, source, problems) if source else None
        if made is None:
            raise RulesError(problems)
        return made


def likelihoods(scores: Scores) -> list[float]:
    """Each class's share of the likelihood."""
    most = max(scores)
    shifted = [exp((score - most) / TEMPERATURE) for score in scores]
    total = sum(shifted)
    return [share / total for share in shifted]


def raw_confidence(
    likely: Sequence[float], route_of: Sequence[int], familiar: tuple[float, ...], fallback: int | None
) -> list[float]:
    """The raw confidence, 0..1, of each route: its share of `likely`, less for words it never heard.

    What unheard words take away goes to `fallback`, where there is one: a message about something else is for it.
    """
    shares = [0.0] * (1 + max(route_of))
    for value, route in zip(likely, route_of, strict=True):
        shares[route] += value
    if familiar:
        shares = [share * (1 - _DOUBT + _DOUBT * known) for share, known in zip(shares, familiar, strict=True)]
        if fallback is not None:
            shares[fallback] += 1 - sum(shares)
    return shares
