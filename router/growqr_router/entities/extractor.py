"""All entities of a message, in one pass per family."""

from __future__ import annotations

from operator import attrgetter

from growqr_router.decision import Context
from growqr_router.document import Document
from growqr_router.entities.ads import AdFinder
from growqr_router.entities.companies import CompanyFinder
from growqr_router.entities.entity import Entity
from growqr_router.entities.ids import IdFinder
from growqr_router.entities.numbers import NumberFinder
from growqr_router.entities.questions import QuestionFinder
from growqr_router.entities.roles import RoleFinder
from growqr_router.entities.words import MappedWords, singulars
from growqr_router.tokenise import Tokeniser, load_pipeline
from growqr_rules.entities import EntityRules

_READ_IN_ADS = frozenset({"target_role", "company_name"})
_EVEN_IN_NAMES = frozenset({"difficulty"})
"""Slots whose words count inside a title too: an "audit intern" is a student."""
_PLACE = attrgetter("start", "end", "slot")
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
        self._edits = not _EDITING.isdisjoint(self._slots)
        self._words = MappedWords(rules.values, tokeniser)
        self._numbers = NumberFinder(rules.durations, tokeniser)
        self._ads = AdFinder(rules.ads, tokeniser)
        self._questions = QuestionFinder(rules.edits, tokeniser)
        self._ids = IdFinder(rules.ids, tokeniser)
        self._roles = RoleFinder(rules.roles, general)
        self._companies = CompanyFinder(rules.companies, general, tokeniser)

    def extract(self, document: Document, context: Context) -> tuple[Entity, ...]:
        """The entities of `document`, by place, then slot."""
        if not self._slots:
            return ()
        found = [e for e in self._all(document, context) if e.slot in self._slots]
        if len(found) > 1:
            found.sort(key=_PLACE)
        return tuple(found)

    def _all(self, document: Document, context: Context) -> list[Entity]:
        ads, ids = self._ads.find(document), self._ids.find(document)
        names = self._named(document, ids)
        keys = singulars(document)
        values = [e for e in self._words.find(document, keys) if e.slot in _EVEN_IN_NAMES or not _inside(e, names)]
        others = [*names, *values, *self._numbers.find(document, keys, context.expects)]
        if ads:
            hidden = _span(ads)
            others = [e for e in others if e.slot in _READ_IN_ADS or hidden.isdisjoint(range(e.start, e.end))]
        questions = self._questions.find(document) if self._edits else []
        return [*ads, *ids, *others, *questions]

    def _named(self, document: Document, ids: list[Entity]) -> list[Entity]:
        """Titles, then companies; `ids` are parts of neither."""
        known = self._companies.known(document, _span(ids))
        roles = list(self._roles.find(document, _span([*ids, *known])))
        if known:
            others = _span([*ids, *roles])
            known = [self._companies.prolonged(document, company, others) for company in known]
        companies = [*known, *self._companies.named(document, _span([*ids, *known, *roles]), roles)]
        if self._pipeline is not None:
            free = _span([*ids, *companies, *roles])
            ranges = self._tokeniser.organisations(document, self._pipeline)
            companies += [self._companies.entity(document, a, b) for a, b in ranges if free.isdisjoint(range(a, b))]
        return [*roles, *companies]


def _span(entities: list[Entity]) -> set[int]:
    return {i for e in entities for i in range(e.start, e.end)}


def _inside(entity: Entity, names: list[Entity]) -> bool:
    """Whether a mapped word is part of a name ("technical" of "technical director")."""
    return any(n.start <= entity.start and entity.end <= n.end for n in names)
