"""Stage 7: the hand-written rules: concepts that stand together, and vetoes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from growqr_router.lexicon import Lexicon
from growqr_router.reading import OUT, Reading, Term
from growqr_router.tokenise import Tokeniser
from growqr_rules import Pack, Rule

_ANY = ""
"""Stands for any concept, or none: for the rules that entities alone fulfil."""


class Evidence:
    """Adds each rule's weight at most once per message, and rules vetoed classes out."""

    name = "evidence"

    def __init__(self, pack: Pack, tokeniser: Tokeniser) -> None:
        classes = pack.classes
        self._rules = [
            (
                f"{name}/{rule_id}",
                rule,
                frozenset(rule.all),
                frozenset(rule.any),
                frozenset(rule.none),
                c,
            )
            for c, name in enumerate(classes)
            for rule_id, rule in pack.rules_of(name).rules.items()
        ]
        self._openers: dict[str, list[int]] = {}
        for number, (_, rule, *_) in enumerate(self._rules):
            for concept in rule.all[:1] or rule.any or [_ANY]:
                self._openers.setdefault(concept, []).append(number)
        vetoes = {
            f"{name}/{veto_id}": (veto, c)
            for c, name in enumerate(classes)
            for veto_id, veto in pack.rules_of(name).vetoes.items()
        }
        self._vetoes = vetoes
        self._lexicon = Lexicon([(key, veto.phrases, ()) for key, (veto, _) in vetoes.items()], tokeniser)

    def __call__(self, reading: Reading) -> None:
        """Weigh the concepts that were found."""
        present = {hit.concept for hit in reading.hits}
        self._veto(reading, present)
        clauses = list(self._by_clause(reading))
        found = {entity.slot for entity in reading.entities if not entity.negated}
        for number in sorted({n for concept in (*present, _ANY) for n in self._openers.get(concept, ())}):
            key, rule, needs, options, excludes, column = self._rules[number]
            if not needs <= present or not _fits(rule, reading) or not found.issuperset(rule.entities):
                continue
            if not needs and not options:  # entities alone
                if not excludes & present:
                    reading.add(Term(key, None, column, rule.weight))
                continue
            for concepts in [present] if rule.scope == "message" else clauses:
                if needs <= concepts and (not options or options & concepts) and not excludes & concepts:
                    reading.add(Term(key, _extent(reading, needs | options), column, rule.weight))
                    break

    def _veto(self, reading: Reading, present: set[str]) -> None:
        for hit in self._lexicon.find(reading.stems):
            veto, column = self._vetoes[hit.concept]
            if not present.intersection(veto.unless):
                reading.add(Term(f"veto {hit.concept}", (hit.start, hit.end), column, OUT))

    @staticmethod
    def _by_clause(reading: Reading) -> Iterable[set[str]]:
        starts = [start for start, _ in reading.document.clauses]
        inside: dict[int, set[str]] = {}
        for hit in reading.hits:
            inside.setdefault(bisect_right(starts, reading.words[hit.start]), set()).add(hit.concept)
        return inside.values()


def _fits(rule: Rule, reading: Reading) -> bool:
    context = reading.context
    return (not rule.states or context.state in rule.states) and (not rule.roles or context.role in rule.roles)


def _extent(reading: Reading, concepts: frozenset[str]) -> tuple[int, int] | None:
    hits = [hit for hit in reading.hits if hit.concept in concepts]
    return (min(h.start for h in hits), max(h.end for h in hits)) if hits else None
