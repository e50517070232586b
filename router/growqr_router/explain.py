"""Say why: what each stage did with a message, and what another reading lacked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from growqr_router.decision import Context, Decision
from growqr_router.reading import OUT, Reading
from growqr_router.router import Router

_NO_CONTEXT = Context()
_TRIALS = 80
"""Changes of wording that `why_not` tries."""


@dataclass(frozen=True, slots=True)
class StageReport:
    """One stage's part."""

    stage: str
    did: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and how it came about."""

    text: str
    decision: Decision
    stages: tuple[StageReport, ...]
    scores: tuple[tuple[str, int], ...]
    """Every class with its score, best first."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What stood between a message and another reading."""

    wanted: str
    decision: Decision
    score: int
    """Of the wanted class; `best` is the winner's."""
    best: int
    vetoes: tuple[str, ...]
    """Rules that ruled the wanted class out."""
    missing: tuple[str, ...]
    """Rules of the wanted class that nearly fired, with what they lacked."""
    change: str | None
    """The smallest change of wording found that would flip the decision, as the whole new message."""


def explain(router: Router, text: str, context: Context = _NO_CONTEXT) -> Explanation:
    """Route `text` and report stage by stage."""
    decision = router.route(text, context)
    if decision.stage == "guard":
        return Explanation(text, decision, (StageReport("guard", f"not read: {decision.reason}"),), ())
    reading = router.read(text, context)
    order = sorted(range(len(router.pack.classes)), key=lambda c: (-reading.scores[c], c))
    scores = tuple((router.pack.classes[c], reading.scores[c]) for c in order)
    return Explanation(text, decision, tuple(_reports(reading, decision)), scores)


def _reports(reading: Reading, decision: Decision) -> Iterator[StageReport]:
    tokens = reading.document.tokens
    yield StageReport("tokenise", f"{len(reading.words)} words in {len(reading.document.clauses)} clauses")
    if reading.document.negated:
        yield StageReport("negation", "negated: " + " ".join(tokens[i].text for i in sorted(reading.document.negated)))
    mended = [f"{t.text} -> {t.norm}" for t in tokens if t.mended]
    if mended:
        yield StageReport("spell", ", ".join(mended))
    for entity in reading.entities:
        start, end = reading.document.span(entity.start, entity.end)
        off = " (negated)" if entity.negated else ""
        written = reading.document.text[start:end]
        yield StageReport("entities", f"{entity.slot} = {entity.value!r}{off}, {entity.origin}: {written!r}")
    for hit in reading.hits:
        words = " ".join(tokens[i].text for i in reading.words[hit.start : hit.end])
        yield StageReport("concepts", f"{hit.concept}: {words!r}")
    if reading.cues:
        yield StageReport("cues", ", ".join(reading.cues))
    yield StageReport("decide", f"{decision.stage}: {decision.reason}, confidence {decision.confidence:.3f}")


def why_not(router: Router, text: str, wanted: str, context: Context = _NO_CONTEXT) -> WhyNot:
    """Compare the decision on `text` with the class `wanted` (an intent, or a route without intents).

    Raises:
        KeyError: the pack has no such class.
    """
    if wanted not in router.pack.classes:
        raise KeyError(wanted)
    decision = router.route(text, context)
    reading = router.read(text, context)
    column = router.pack.classes.index(wanted)
    vetoes = tuple(t.rule for t in reading.terms if t.column == column and t.weight <= OUT // 2)
    return WhyNot(
        wanted=wanted,
        decision=decision,
        score=reading.scores[column],
        best=max(reading.scores),
        vetoes=vetoes,
        missing=tuple(_missing(router, reading, wanted)),
        change=_smallest_change(router, text, wanted, context),
    )


def _missing(router: Router, reading: Reading, wanted: str) -> Iterator[str]:
    present = {hit.concept for hit in reading.hits}
    for name, rule in router.pack.rules_of(wanted).rules.items():
        lacking = [concept for concept in rule.all if concept not in present]
        if lacking:
            yield f"{name} (+{rule.weight}): no {', '.join(lacking)}"
        elif rule.any and not present.intersection(rule.any):
            yield f"{name} (+{rule.weight}): none of {', '.join(rule.any)}"
        elif present.intersection(rule.none):
            yield f"{name} (+{rule.weight}): has {', '.join(sorted(present.intersection(rule.none)))}"
        elif rule.states and reading.context.state not in rule.states:
            yield f"{name} (+{rule.weight}): only in {', '.join(rule.states)}"


def _smallest_change(router: Router, text: str, wanted: str, context: Context) -> str | None:
    """Try leaving out one word, then adding one of the class's phrases, shortest first."""
    for changed in [*_without_a_word(text), *_with_a_phrase(router, text, wanted)][:_TRIALS]:
        decision = router.route(changed, context)
        if (decision.intent or decision.route) == wanted:
            return changed
    return None


def _without_a_word(text: str) -> Iterator[str]:
    words = text.split()
    if 1 < len(words) <= _TRIALS // 2:
        for i in range(len(words)):
            yield " ".join(words[:i] + words[i + 1 :])


def _with_a_phrase(router: Router, text: str, wanted: str) -> list[str]:
    rules = router.pack.rules_of(wanted)
    concepts = {c for rule in rules.rules.values() for c in (*rule.all, *rule.any)}
    concepts |= {c for reply in rules.replies for c in reply.concepts}
    phrases = {router.pack.concepts[c].phrases[0].replace(" _ ", " ") for c in concepts} | set(rules.templates)
    plain = sorted((p for p in phrases if "<" not in p), key=lambda p: (len(p), p))
    return [f"{text} {phrase}" for phrase in plain] + plain
