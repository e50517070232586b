"""A `Decision` as the contract describes it: what `Decision.to_dict` gives, as models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from growqr_router import Decision


class SpanView(BaseModel):
    """Where a slot's value stands: half-open, in code points of the text."""

    start: int
    end: int
    origin: Literal["stated", "mapped"]
    requested: str | int | None
    """What was asked for, where the value had to be adjusted."""


class AskView(BaseModel):
    """A complete ask."""

    route: str
    intent: str | None


class AlternativeView(AskView):
    """Another reading, with its share of confidence."""

    confidence: float


class EvidenceView(BaseModel):
    """One additive term of the winning score."""

    rule: str
    span: tuple[int, int] | None
    weight: int


class PackView(BaseModel):
    """Which rules decided, or are in force."""

    name: str
    version: str
    hash: str


class DecisionView(BaseModel):
    """One message's reading."""

    model_config = ConfigDict(title="Decision")
    schema_version: int
    route: str
    intent: str | None
    slots: dict[str, Any]
    spans: dict[str, list[SpanView]]
    cues: list[str]
    confidence: float
    """Calibrated probability that `route` is right."""
    abstained: bool
    """`confidence` is below the pack's threshold; route and intent still hold the best guess."""
    stage: str
    reason: str
    alternatives: list[AlternativeView]
    also: list[AskView]
    """A second complete ask: offered, never executed."""
    evidence: list[EvidenceView]
    pack: PackView


def decision_view(decision: Decision) -> DecisionView:
    """The decision as it is answered."""
    return DecisionView.model_validate(decision.to_dict())
