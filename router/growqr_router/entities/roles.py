"""Job titles by grammar: modifiers, a head noun, suffixes.

A message is cut into runs of words that may belong to a title; what stands around a run, and what it ends in, say
whether it is one. Of several titles the one that is best introduced is the target (`Entity.rank`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from growqr_router.document import Document
from growqr_router.entities.entity import Entity
from growqr_router.entities.role_runs import RoleRuns
from growqr_router.entities.role_words import (
    ARTICLES,
    BECOMING,
    DETERMINERS,
    MARKS,
    NO_HEAD,
    TRUE_HEADS,
    WEAK,
    RoleWords,
    Signs,
    at,
    singular,
)
from growqr_rules.entities import Roles

_MOST_BEFORE = 6
_LONGEST_UNKNOWN = 4
_GUESSED = 1
"""The rank of a title that has no head: any that has one, and stands in the open, is the likelier target."""
_OWNERS = frozenset({"my", "your", "his", "her", "their", "our", "whose", "hiring"})
_ONE = frozenset({"a", "an", "my", "of", ":"})
_BECOMING = frozenset({"be", "become", "as"})
_CHAT = frozenset({"ta", "np", "po"})
"""Short titles that mean thanks and the like where they are written small and alone."""
_AT = frozenset({"at", "@", "with", "joining", "chez", "bei"})
_NO_OPENERS = frozenset({"of", "&", "/", "-", "'s", "in", "and", "or"})
_GOES_ON = frozenset({"of", "in", "/", "&", "-", "to", "de"})
_LIST_LINKS = frozenset({",", "and", "or", "&"})
_ENDS = MARKS | frozenset(
    {
        "at",
        "with",
        "@",
        "next",
        "on",
        "in",
        "tomorrow",
        "please",
        "today",
        "this",
        "and",
        "so",
        "then",
        "but",
        "tonight",
    }
)


class _Frame(NamedTuple):
    """What stands around a run."""

    introduced: bool
    """The words before say that a role comes."""
    followed: bool
    """A word like "role" or "interview" comes next."""
    closed: bool
    """The run ends where a title may end."""
    fragment: bool
    """The run stands alone between marks."""


class RoleFinder:
    """Finds titles; a title that is somebody else's comes out negated."""

    def __init__(self, rules: Roles, general: frozenset[str]) -> None:
        """`general` are words of general English: one of them alone is no title unless a list knows it."""
        self._words = RoleWords(rules)
        self._general = general
        self._runs = RoleRuns(self._words)

    def find(self, document: Document, taken: set[int]) -> Iterator[Entity]:
        """Titles in order, not overlapping; `taken` tokens (companies, ids) belong to none."""
        signs = self._words.signs(document)
        if signs is None:
            return
        for start, end in self._runs.find(signs, taken):
            title = self._title(signs, start, end, taken)
            if title is not None and not _is_company(document, start, end):
                yield self._entity(signs, *title)

    def _title(self, signs: Signs, start: int, end: int, taken: set[int]) -> tuple[int, int, int] | None:
        """The title in the run [start, end) and its rank, if there is one."""
        document = signs.document
        phrase = self._phrase(signs, start, end) if signs.phrases else None
        headed = not signs.heads[start:end].isspace()
        if not headed and phrase is None:
            return (start, end, _GUESSED) if self._is_named(document, start, end) else None
        frame = self._frame(document, start, end)
        head = self._last_head(signs, start, end, frame) if headed else None
        if phrase is not None and (head is None or phrase[1] > head):
            begin, stop = max(start, phrase[0] - _MOST_BEFORE), self._suffixed(document.lows, phrase[1], end)
        elif head is not None:
            begin, stop = max(start, head - _MOST_BEFORE), self._suffixed(document.lows, head + 1, end)
            employed = begin - 1 in taken
            if head == begin and not self._stands_alone(signs, begin, stop, frame, employed=employed):
                return None
        else:
            return (start, end, _GUESSED) if self._is_named(document, start, end) else None
        if stop < end and frame.closed and (frame.introduced or frame.followed):
            stop = self._extended(document, stop, end)
        begin = self._begins(document, begin, stop)
        stop = self._qualified(signs, stop)
        followed = at(document.norms, stop) in self._words.after
        fragment = _is_fragment(document.norms, begin, stop)
        return begin, stop, 4 * frame.introduced + 2 * followed + (stop - begin > 1) + fragment

    def _last_head(self, signs: Signs, start: int, end: int, frame: _Frame) -> int | None:
        """The last head of the run; of words that all only look like one, the last that is one here."""
        known = not TRUE_HEADS.isdisjoint(signs.heads[start:end])
        for i in range(end - 1, start - 1, -1):
            if signs.heads[i] != NO_HEAD and (known or self._trusted(signs.document, start, end, i, frame)):
                return i
        return None

    @staticmethod
    def _extended(document: Document, stop: int, end: int) -> int:
        """Past a capitalised rest of a capitalised title: "Director Clinical Operations"."""
        capitals = all(text[0].isupper() for text in document.texts[stop - 1 : end] if text[0].isalpha())
        return end if capitals else stop

    def _frame(self, document: Document, start: int, end: int) -> _Frame:
        norms = document.norms
        followed = at(norms, end) in self._words.after
        introduced = self._words.introduced(document, start)
        return _Frame(introduced, followed, followed or _may_end(norms, end), _is_fragment(norms, start, end))

    def _stands_alone(self, signs: Signs, begin: int, stop: int, frame: _Frame, *, employed: bool) -> bool:
        """Whether a head without modifiers is a title: weak heads, people around a hiring and ranks need a frame.

        `employed`: a company stands right before it ("for McDonalds crew").
        """
        document = signs.document
        low = document.lows[stop - 1]
        after = at(document.norms, stop)
        framed = frame.introduced or after in self._words.after
        if framed or low in self._words.seniority or document.texts[stop - 1] in _CHAT:
            return framed
        around = low in self._words.people or singular(low) in self._words.people
        doubtful = around or (signs.heads[stop - 1] == WEAK and not employed)
        return not doubtful or after in ("at", "@") or _is_fragment(document.norms, begin, stop)

    def _begins(self, document: Document, begin: int, stop: int) -> int:
        """Past what cannot open a title: links, and a company's capitalised name before a plain title."""
        texts = document.texts
        while begin < stop - 1 and document.lows[begin] in _NO_OPENERS:
            begin += 1
        if begin == 0 or document.norms[begin - 1] in MARKS:
            return begin
        named = begin
        while named < stop and texts[named][0].isupper() and not self._is_title_word(texts[named]):
            named += 1
        if named in (begin, stop) or not all(text.islower() for text in texts[named:stop] if text.isalpha()):
            return begin
        return named

    def _is_title_word(self, text: str) -> bool:
        low, words = text.lower(), self._words
        return text.isupper() or low in words.left or low in words.heads or low in words.ranks

    def _trusted(self, document: Document, start: int, end: int, i: int, frame: _Frame) -> bool:
        """Whether a word that only *looks* like a head is one here."""
        if frame.introduced or at(document.norms, i + 1) in self._words.after:
            return True
        if i > start and document.lows[i - 1] in self._words.left:
            return True
        return i == end - 1 and frame.fragment and (end - start > 1 or document.lows[i] not in self._general)

    def _is_named(self, document: Document, start: int, end: int) -> bool:
        """A run without a head that what is around calls a role ("an 'AI wrangler' gig", "mock for forklift")."""
        words, norms = self._words, document.norms
        if not start or norms[start - 1] not in words.openers or end - start > _LONGEST_UNKNOWN:
            return False
        before, after = norms[start - 1], at(norms, end)
        called = after in words.called
        becoming = before in ("a", "an") and at(norms, start - 2) in BECOMING
        ends = after not in words.after and _may_end(norms, end)
        run = document.lows[start:end]
        if not (called or becoming or ends) or not words.never.isdisjoint(run):
            return False
        introduced = words.introduced(document, start)
        if becoming and introduced:
            return not words.left.issuperset(run)
        if called and before in DETERMINERS and end - start > 1 and not words.left.issuperset(run):
            return True
        if not introduced or not self._asked_for(norms, start):
            return False
        return called or (ends and all(map(str.islower, document.texts[start:end])))

    def _asked_for(self, norms: tuple[str, ...], start: int) -> bool:
        """Whether the words before ask for practice, or name an application: "mock for a ...", "applied as ..."."""
        i = start - 1
        while i > 0 and (norms[i] in ARTICLES or norms[i] in self._words.before):
            if norms[i] in self._words.asks:
                return True
            i -= 1
        return i >= 0 and norms[i] in self._words.asks

    def _phrase(self, signs: Signs, start: int, end: int) -> tuple[int, int] | None:
        """The last fixed title in the run."""
        if self._words.in_phrases.isdisjoint(signs.document.lows[start:end]):
            return None  # the plural of a title of one word
        spans = [(a, b) for a in range(start, end) for b in signs.phrases.get(a, ()) if b <= end]
        return spans[-1] if spans else None

    def _suffixed(self, lows: tuple[str, ...], stop: int, end: int) -> int:
        """Past suffixes ("II", "trainee") and an "of ..." that the run goes on with."""
        while stop < end and lows[stop] in self._words.suffixes:
            stop += 1
        return end if stop + 1 < end and lows[stop] in _GOES_ON else stop

    def _qualified(self, signs: Signs, stop: int) -> int:
        """Past a specialism in brackets, "backend dev (Go)", or behind the comma of a catalogue title."""
        document = signs.document
        lows, mark = document.lows, at(document.norms, stop)
        if mark not in (",", "(") or stop + 2 >= len(lows):
            return stop
        if mark == ",":
            return self._inverted(signs, stop) or stop
        i = stop + 1
        while i < len(lows) and (lows[i] in self._words.left or (lows[i] == "/" and i > stop + 1)):
            i += 1
        return i + 1 if i > stop + 1 and at(document.norms, i) == ")" else stop

    def _inverted(self, signs: Signs, stop: int) -> int | None:
        """The end of a catalogue title, "Supervisor, Malted Milk" or "Tool Grinders, Filers, and Sharpeners".

        What is behind the comma is capitalised like the title, and a word like "role" closes it, or it consists of the
        words that titles are made of and ends where a title may end.
        """
        document = signs.document
        texts, lows = document.texts, document.lows
        if not texts[stop - 1][0].isupper():
            return None
        i, known = stop + 1, True
        while i < len(lows) and i - stop <= _MOST_BEFORE:
            if lows[i] not in _LIST_LINKS:
                if not texts[i][0].isupper():
                    break
                known = known and (lows[i] in self._words.left or signs.heads[i] in TRUE_HEADS)
            i += 1
        if i == stop + 1 or lows[i - 1] in _LIST_LINKS:
            return None
        follows = at(document.norms, i)
        return i if follows in self._words.after or (known and _may_end(document.norms, i)) else None

    def _entity(self, signs: Signs, start: int, end: int, rank: int) -> Entity:
        document = signs.document
        last, until = document.lows[end - 1], document.ends[end - 1]
        if self._words.is_plural_head(signs, end - 1) and at(document.norms, start - 1) not in _ONE:
            until -= last.endswith("s")
        value = " ".join(document.text[document.starts[start] : until].lower().split())
        negated = self._is_others(document, start, end) or not document.negated.isdisjoint(range(start, end))
        return Entity("target_role", value, start, end, "stated", negated=negated, rank=rank)

    def _is_others(self, document: Document, start: int, end: int) -> bool:
        """Whether the title is somebody else's, or what the person was."""
        if at(document.norms, end) in self._words.after:
            return False
        lows = document.lows
        before = lows[max(start - self._words.longest_other, 0) : start]
        if not self._words.others.isdisjoint([before[i:] for i in range(len(before))]):
            return True
        owner = at(lows, start - 1)
        if owner in _OWNERS:
            return at(lows, start - 2) not in _BECOMING
        return owner == "the" and end - start == 1 and singular(lows[end - 1]) in self._words.people


def _is_company(document: Document, start: int, end: int) -> bool:
    """Whether the run is a company's name: "at Cooper Steel"."""
    before = start - 2 if at(document.norms, start - 1) == "the" else start - 1
    return at(document.norms, before) in _AT and all(text[0].isupper() for text in document.texts[start:end])


def _may_end(norms: tuple[str, ...], end: int) -> bool:
    """Whether a title may end before `end`: with the message, at a mark, or at a word that goes on with the rest."""
    return end == len(norms) or norms[end] in _ENDS


def _is_fragment(norms: tuple[str, ...], start: int, end: int) -> bool:
    """Whether [start, end) stands alone between marks."""
    opened = start == 0 or norms[start - 1] in MARKS
    return opened and (end == len(norms) or norms[end] in MARKS)
