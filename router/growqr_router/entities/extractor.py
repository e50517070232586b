"""All entities of a message, in one pass per family."""

from __future__ import annotations

from collections.abc import Iterator

from growqr_router.decision import Context
from growqr_router.document import Document
from growqr_router.entities.ads import AdFinder
from growqr_router.entities.companies import CompanyFinder
from growqr_router.entities.entity import Entity
from growqr_router.entities.ids import IdFinder
from growqr_router.entities.numbers import NumberFinder
from growqr_router.entities.questions import QuestionFinder
from growqr_router.entities.roles import RoleFinder
from growqr_router.entities.words import MappedWords
from growqr_router.tokenise import Tokeniser, load_pipeline
from growqr_rules.entities import EntityRules

_READ_IN_ADS = frozenset({"target_role", "company_name"})
_EVEN_IN_NAMES = frozenset({"difficulty"})
"""Slots whose words count inside a title too: an "audit intern" is a student."""
_EDITING = frozenset({"questions", "question_ops"})


class Extractor:
    """Finds every entity that the pack's slots know of."""

    def __init__(
        self, rules: EntityRules, general: frozenset[str], tokeniser: Tokeniser, spacy_model: str | None = None
    ) -> None:
        """`general` are words of general English that are no names; `spacy_model` may add companies.

        Raises:
            OSError: `spacy_model` is not installed.
        """
        self._pipeline = load_pipeline(spacy_model) if spacy_model else None
        self._tokeniser = tokeniser
        self._slots = {slot for slots in rules.slots.intents.values() for slot in slots} | {
            kind for table in rules.slots.stand_ins.values() for kinds in table.values() for kind in kinds
        }
        self._words = MappedWords(rules.values, tokeniser)
        self._numbers = NumberFinder(rules.durations, tokeniser)
        self._ads = AdFinder(rules.ads, tokeniser)
        self._questions = QuestionFinder(rules.edits, tokeniser)
        self._ids = IdFinder(rules.ids, tokeniser)
        self._roles = RoleFinder(rules.roles)
        self._companies = CompanyFinder(rules.companies, general, tokeniser)

    def extract(self, document: Document, context: Context) -> tuple[Entity, ...]:
        """The entities of `document`, by place, then slot."""
        if not self._slots:
            return ()
        found = [e for e in self._all(document, context) if e.slot in self._slots]
        return tuple(sorted(found, key=lambda e: (e.start, e.end, e.slot)))

    def _all(self, document: Document, context: Context) -> Iterator[Entity]:
        ads = list(self._ads.find(document))
        yield from ads
        hidden = _span(ads)
        ids = [*self._ids.emails(document), *self._ids.codes(document)]
        yield from ids
        taken = {i for e in ids for i in range(e.start, e.end)}
        known = list(self._companies.known(document, taken))
        taken |= _span(known)
        names = list(self._roles.find(document, taken))
        others = _span(ids) | _span(names)
        known = [self._companies.prolonged(document, company, others) for company in known]
        taken |= _span(known)
        named = list(self._companies.named(document, taken | _span(names), names))
        if self._pipeline is not None:
            free = taken | _span(names) | _span(named)
            ranges = self._tokeniser.organisations(document, self._pipeline)
            named += [self._companies.entity(document, a, b) for a, b in ranges if free.isdisjoint(range(a, b))]
        companies = [*known, *named]
        values = [
            e for e in self._words.find(document) if e.slot in _EVEN_IN_NAMES or not _inside(e, [*names, *companies])
        ]
        for entity in (*names, *companies, *values, *self._numbers.find(document, context.expects)):
            if entity.slot in _READ_IN_ADS or hidden.isdisjoint(range(entity.start, entity.end)):
                yield entity
        if _EDITING & self._slots:
            yield from self._questions.given(document)
            yield from self._questions.operations(document)


def _span(entities: list[Entity]) -> set[int]:
    return {i for e in entities for i in range(e.start, e.end)}


def _inside(entity: Entity, names: list[Entity]) -> bool:
    """Whether a mapped word is part of a name ("technical" of "technical director")."""
    return any(n.start <= entity.start and entity.end <= n.end for n in names)
