"""Company names: known ones anywhere, common words and unknown names only where the words around call for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from growqr_router.document import Document
from growqr_router.entities.company_context import CompanyContext, Edges, opens_sentence
from growqr_router.entities.company_names import CompanyNames, capitalised
from growqr_router.entities.entity import Entity
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Companies

_DOTTED = ("inc.", "ltd.", "co.", "corp.", "bros.")
_PLAIN = 2
"""Words up to which "New Hospital" at the start of a sentence may be ordinary words."""


_EndAt = Callable[[Document, int, set[int]], int]


class CompanyFinder:
    """Finds companies; negated ones, and those that the person has left, are marked."""

    def __init__(self, rules: Companies, general: frozenset[str], tokeniser: Tokeniser) -> None:
        """`general` are words of general English: a sentence may open with one in capitals."""
        self._names = CompanyNames(rules, general, tokeniser)
        self._context = CompanyContext(rules, self._names, tokeniser)

    def known(self, document: Document, taken: set[int]) -> list[Entity]:
        """Names that are companies wherever they stand, in order."""
        starts = self._names.may_be_known(document)
        return self._entities(document, starts, taken, self._known_end) if starts else []

    def named(self, document: Document, taken: set[int], titles: Sequence[Entity]) -> list[Entity]:
        """Names that the words around make companies, in order; `titles` are the roles found."""
        starts = self._names.may_be_named(document)
        if not starts:
            return []
        edges = Edges({t.start for t in titles if not t.negated}, {t.end for t in titles if not t.negated})
        return self._entities(document, starts, taken, partial(self._named_end, titles=edges))

    def prolonged(self, document: Document, company: Entity, taken: set[int]) -> Entity:
        """A known name with the capitalised rest that no title has taken: "Siemens Healthineers"."""
        end = company.end
        while end < len(document.texts) and end not in taken and self._names.goes_on(document, end):
            end += 1
        run = self._names.name(document, company.start, taken)
        if run > end and document.lows[run - 1] in self._names.kinds and capitalised(document, run - 1):
            end = run
        return company if end == company.end else self.entity(document, company.start, end)

    def entity(self, document: Document, start: int, end: int) -> Entity:
        """The token range as a company, negated where the message leaves it out."""
        negated = not document.negated.isdisjoint(range(start, end)) or self._context.is_left(document, start, end)
        text = document.text[document.starts[start] : document.ends[end - 1]]
        if text.endswith(".") and not text.lower().endswith(_DOTTED):
            text = text[:-1]
        rank = self._context.plainness(document, start)
        return Entity("company_name", text, start, end, "stated", negated=negated, rank=rank)

    def _entities(self, document: Document, starts: Iterable[int], taken: set[int], end_at: _EndAt) -> list[Entity]:
        """The names that start at some of `starts`, not overlapping."""
        found = []
        last = 0
        for i in starts:
            if i >= last and i not in taken and (end := end_at(document, i, taken)) > i:
                found.append(self.entity(document, i, end))
                last = end
        return found

    def _known_end(self, document: Document, i: int, taken: set[int]) -> int:
        """The end of the known or misspelt name at `i`, at which one may start; `i` when none does."""
        names, lows = self._names, document.lows
        if lows[i] not in names.known.sizes:
            return i + 1
        end = names.known.end(lows, i, taken)
        if end == i or names.places.end(lows, i, taken) > end:
            return i
        if end == i + 1 and names.is_ordinary(document.texts[i]):
            return i
        return names.extended(document, end, taken)

    def _named_end(self, document: Document, i: int, taken: set[int], titles: Edges) -> int:
        """The end of the name at `i`, at which one may start; `i` when the words around call for none."""
        names, context, low = self._names, self._context, document.lows[i]
        if low in names.strict.sizes or low in names.listed.sizes:
            return self._listed_end(document, i, taken, titles)
        if not capitalised(document, i):
            return i + 1 if names.misspelt[document.texts[i]] and context.is_called(document, i) else i
        if names.never.end(document.lows, i, taken) > i or context.is_person(document, i):
            return i
        return self._unlisted_end(document, i, taken, titles)

    def _listed_end(self, document: Document, i: int, taken: set[int], titles: Edges) -> int:
        """The end of a name at `i`, with whose first word one of a list begins."""
        names, context, lows = self._names, self._context, document.lows
        never, listed = names.never.end(lows, i, taken), names.listed.end(lows, i, taken)
        if listed <= never > i or context.is_person(document, i):
            return i
        if listed > i and names.places.end(lows, i, taken) > listed:
            return i
        strict = names.strict.end(lows, i, taken)
        if strict == listed == i:
            return self._unlisted_end(document, i, taken, titles) if capitalised(document, i) else i
        called = context.is_called(document, i)
        if strict > i:
            return strict if called or context.is_employer(document, i, strict, titles) else i
        if called and capitalised(document, i):
            return max(listed, names.name(document, i, taken))
        meant = called or context.is_meant(document, i, listed, titles)
        return names.extended(document, listed, taken) if meant else i

    def _unlisted_end(self, document: Document, i: int, taken: set[int], titles: Edges) -> int:
        """The end of a capitalised name that no list has."""
        names, context = self._names, self._context
        end = names.name(document, i, taken)
        words = document.lows[i:end]
        opens = opens_sentence(document, i) and document.norms[i - 1 : i] != ("(",)
        if words in names.places.all or all(word in names.kinds for word in words[words[0] == "the" :]):
            return i
        if opens and words[0] == "the" and len(words) > 1:
            return i  # the name itself starts at the next word
        if len(words) > _PLAIN and words[-1] in names.kinds:
            return end
        if opens and words[0] in names.general and (len(words) == 1 or words[-1] in names.general):
            return i
        if len(words) > 1 and (words[-1] in names.kinds or words[0] in names.prefixes):
            return end
        before_role = end in titles.starts and not opens and not document.texts[end - 1].isupper()
        if before_role or context.is_followed(document, end) or context.is_called(document, i):
            return end
        unheard = len(words) > 1 or (words[0] not in names.general and not document.texts[i].isupper())
        return end if unheard and context.is_beside(document, i, end, titles) else i
