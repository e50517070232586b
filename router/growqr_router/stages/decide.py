"""Stage 9: compare the classes, gate on confidence, and write the decision down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from growqr_router.calibration import Calibration, likelihoods, raw_confidence
from growqr_router.decision import Alternative, Ask, Decision, Evidence, PackRef, SlotSpan, Terms
from growqr_router.reading import OUT, Reading, Weighed
from growqr_router.slots import fill_slots
from growqr_rules import Pack

_ALTERNATIVES = 4
_TERMS = 40
"""The most terms a decision shows, heaviest first; the rest is summed in one line, so that the terms still add up."""
_CERTAIN = 0.999
"""Confidence of a verdict by template or state reply."""

Fitted = Callable[[Reading, int, int], tuple[list[Weighed], int]]


class Decide:
    """Turns a reading into a `Decision`. Ties fall to the class that stands first in the pack's (sorted) order."""

    def __init__(self, pack: Pack, calibration: Calibration, fitted: Fitted) -> None:
        """`fitted` gives what the fitted weights add to a class of a reading, the heaviest terms apart."""
        self._pack = pack
        self._classes = pack.classes
        routes = pack.class_routes
        self._route_of = [routes.index(pack.route_of(name)) for name in self._classes]
        self._fallback = routes.index(pack.manifest.fallback)
        self._inside = [[c for c, r in enumerate(self._route_of) if r == route] for route in range(len(routes))]
        self._labels = [(pack.route_of(name), name if name in pack.intents else None) for name in self._classes]
        self._calibration = calibration
        self._fitted = fitted
        self._ref = PackRef(pack.manifest.name, pack.manifest.version, pack.hash)

    def __call__(self, reading: Reading) -> Decision:
        """The decision on a reading that all stages have seen."""
        if reading.verdict is None and not reading.words:
            return self.guarded("nothing_said")  # without it, the state alone would make a blank line an approval
        likely = likelihoods(reading.scores) if reading.verdict is None else []
        winner, confidence, stage, reason = self._winner(reading, likely)
        route, intent = self._labels[winner]
        slots: dict[str, Any] = {}
        spans: dict[str, tuple[SlotSpan, ...]] = {}
        if intent is not None:
            slots, spans = fill_slots(self._pack.entities.slots, intent, reading.document, reading.entities)
        return Decision(
            route=route,
            intent=intent,
            slots=slots,
            spans=spans,
            cues=reading.cues,
            confidence=confidence,
            abstained=confidence < self._pack.manifest.thresholds.abstain,
            stage=stage,
            reason=reason,
            alternatives=self._alternatives(reading, winner, likely),
            also=(),
            evidence=Terms(partial(self._evidence, reading, winner)),
            pack=self._ref,
        )

    def ask(self, reading: Reading) -> Ask | None:
        """What a reading asks for by its own words, if that is sure enough: the decision without its details."""
        if reading.verdict is None and not reading.words:
            return None
        likely = likelihoods(reading.scores) if reading.verdict is None else []
        winner, confidence, stage, _ = self._winner(reading, likely)
        sure = confidence >= self._pack.manifest.thresholds.abstain and stage != "state"
        return Ask(*self._labels[winner]) if sure else None

    def guarded(self, reason: str) -> Decision:
        """A decision on text in which nothing can be read."""
        fallback = self._pack.manifest.fallback
        return Decision(
            route=fallback, intent=None, slots={}, spans={}, cues=(), confidence=0.0, abstained=True, stage="guard",
            reason=reason, alternatives=(), also=(), evidence=(), pack=self._ref,
        )  # fmt: skip

    def _winner(self, reading: Reading, likely: list[float]) -> tuple[int, float, str, str]:
        if reading.verdict is not None:
            return self._classes.index(reading.verdict.winner), _CERTAIN, reading.verdict.stage, reading.verdict.reason
        # Under way, strange words are mostly about what is under way; out of the blue they are about something else.
        fresh = reading.context.state == self._pack.manifest.states[0]
        shares = raw_confidence(likely, self._route_of, reading.familiar, self._fallback if fresh else None)
        best_route = shares.index(max(shares))
        winner = max(self._inside[best_route], key=reading.scores.__getitem__)
        by_rule = any(term.column == winner and term.weight > 0 and "/" in term.rule for term in reading.terms)
        stage = "evidence" if by_rule else "similarity"
        return winner, self._calibration(shares[best_route]), stage, "best_score"

    def _alternatives(self, reading: Reading, winner: int, likely: list[float]) -> tuple[Alternative, ...]:
        if reading.verdict is not None:
            return ()
        scores = reading.scores
        order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[: _ALTERNATIVES + 1]
        others = [c for c in order if c != winner and scores[c] > OUT // 2][:_ALTERNATIVES]
        return tuple([Alternative(*self._labels[c], round(likely[c], 6)) for c in others])

    def _evidence(self, reading: Reading, winner: int) -> tuple[Evidence, ...]:
        terms = [(term.rule, term.words, term.weight) for term in reading.terms if term.column == winner]
        heavy, rest = self._fitted(reading, winner, _TERMS)
        terms = [term for term in (*terms, *heavy) if term[2]]
        terms.sort(key=lambda term: (-abs(term[2]), term[0], term[1] or (-1, -1)))
        rest += sum(weight for _, _, weight in terms[_TERMS:])
        shown = [Evidence(rule, reading.span(words), weight) for rule, words, weight in terms[:_TERMS]]
        return (*shown, Evidence("rest", None, rest)) if rest else tuple(shown)
