"""Job titles by grammar: modifiers, a head noun, suffixes.

A message is cut into runs of words that may belong to a title; what stands around a run, and what it ends in, say
whether it is one. Of several titles the one that is best introduced is the target (`Entity.rank`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_router.entities.role_runs import RoleRuns
from growqr_router.entities.role_words import ARTICLES, MARKS, RoleWords, norm, singular
from growqr_rules.entities import Roles

_MOST_BEFORE = 6
_LONGEST_UNKNOWN = 4
_GUESSED = 1
"""The rank of a title that has no head: any that has one, and stands in the open, is the likelier target."""
_OWNERS = frozenset({"my", "your", "his", "her", "their", "our", "whose", "hiring"})
_AT = frozenset({"at", "@", "with", "joining", "chez", "bei"})
_LIST_LINKS = frozenset({",", "and", "or", "&"})
_CLOSERS = frozenset(
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


@dataclass(frozen=True, slots=True)
class _Frame:
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

    def __init__(self, rules: Roles) -> None:
        self._words = RoleWords(rules)
        self._runs = RoleRuns(self._words)

    def find(self, document: Document, taken: set[int]) -> Iterator[Entity]:
        """Titles in order, not overlapping; `taken` tokens (companies, ids) belong to none."""
        tokens = document.tokens
        for start, end in self._runs.find(tokens, taken):
            title = self._title(document, start, end, taken)
            if title is not None:
                yield self._entity(document, *title)

    def _title(self, document: Document, start: int, end: int, taken: set[int]) -> tuple[int, int, int] | None:
        """The title in the run [start, end) and its rank, if there is one."""
        tokens = document.tokens
        at = start - 2 if norm(tokens, start - 1) == "the" else start - 1
        if norm(tokens, at) in _AT and all(token.text[0].isupper() for token in tokens[start:end]):
            return None  # a company: "at Cooper Steel"
        phrase = self._phrase(tokens, start, end)
        heads = [i for i in range(start, end) if self._words.head(tokens, i)]
        if phrase is None and not heads and end - start > _LONGEST_UNKNOWN:
            return None
        frame = self._frame(document, start, end)
        if heads and all(self._words.head(tokens, i) == "agentive" for i in heads):
            heads = [i for i in heads if self._trusted(tokens, start, end, i, frame)]
        if phrase is not None and (not heads or phrase[1] > heads[-1]):
            begin, stop = max(start, phrase[0] - _MOST_BEFORE), self._suffixed(tokens, phrase[1], end)
        elif heads:
            begin, stop = max(start, heads[-1] - _MOST_BEFORE), self._suffixed(tokens, heads[-1] + 1, end)
            employed = begin - 1 in taken
            if heads[-1] == begin and not self._stands_alone(document, begin, stop, frame, employed=employed):
                return None
        elif self._named(tokens, start, end, frame):
            return start, end, _GUESSED
        else:
            return None
        if stop < end and frame.closed and (frame.introduced or frame.followed):
            stop = self._extended(tokens, stop, end)
        begin = self._begins(tokens, begin, stop)
        stop = self._qualified(tokens, stop)
        followed = norm(tokens, stop) in self._words.after
        fragment = _is_fragment(tokens, begin, stop)
        return begin, stop, 4 * frame.introduced + 2 * followed + (stop - begin > 1) + fragment

    @staticmethod
    def _extended(tokens: tuple[Token, ...], stop: int, end: int) -> int:
        """Past a capitalised rest of a capitalised title: "Director Clinical Operations"."""
        capitals = all(token.text[0].isupper() for token in tokens[stop - 1 : end] if token.text[0].isalpha())
        return end if capitals else stop

    def _frame(self, document: Document, start: int, end: int) -> _Frame:
        tokens = document.tokens
        followed = norm(tokens, end) in self._words.after
        closed = followed or end == len(tokens) or tokens[end].norm in MARKS or tokens[end].norm in _CLOSERS
        return _Frame(self._words.introduced(tokens, start), followed, closed, _is_fragment(tokens, start, end))

    def _stands_alone(self, document: Document, begin: int, stop: int, frame: _Frame, *, employed: bool) -> bool:
        """Whether a head without modifiers is a title: weak heads, people around a hiring and ranks need a frame.

        `employed`: a company stands right before it ("for McDonalds crew").
        """
        tokens = document.tokens
        low = tokens[stop - 1].low
        framed = frame.introduced or norm(tokens, stop) in self._words.after
        if low in self._words.seniority:
            return framed
        around = bool({low, singular(low)} & self._words.people)
        doubtful = around or (self._words.head(tokens, stop - 1) == "weak" and not employed)
        at_company = norm(tokens, stop) in ("at", "@")
        return not doubtful or framed or at_company or _is_fragment(tokens, begin, stop)

    def _begins(self, tokens: tuple[Token, ...], begin: int, stop: int) -> int:
        """Past what cannot open a title: links, and a company's capitalised name before a plain title."""
        while begin < stop - 1 and tokens[begin].low in ("of", "&", "/", "-", "'s", "in", "and", "or"):
            begin += 1
        named = begin
        if begin == 0 or tokens[begin - 1].norm in MARKS:
            return begin
        while named < stop and tokens[named].text[0].isupper() and not self._is_title_word(tokens[named]):
            named += 1
        plain = all(token.text.islower() for token in tokens[named:stop] if token.text.isalpha())
        return named if begin < named < stop and plain else begin

    def _is_title_word(self, token: Token) -> bool:
        low = token.low
        return token.text.isupper() or low in self._words.left or low in self._words.heads or low in self._words.ranks

    def _trusted(self, tokens: tuple[Token, ...], start: int, end: int, i: int, frame: _Frame) -> bool:
        """Whether a word that only *looks* like a head is one here."""
        if frame.introduced or norm(tokens, i + 1) in self._words.after:
            return True
        if i > start and tokens[i - 1].low in self._words.left:
            return True
        return i == end - 1 and frame.fragment

    def _named(self, tokens: tuple[Token, ...], start: int, end: int, frame: _Frame) -> bool:
        """A run without a head that what is around calls a role ("an 'AI wrangler' gig", "mock for forklift")."""
        words = {token.low for token in tokens[start:end]}
        if end - start > _LONGEST_UNKNOWN or words & self._words.never:
            return False
        before = norm(tokens, start - 1)
        if frame.introduced and before in ("a", "an") and norm(tokens, start - 2) in ("as", "becoming", "become"):
            return not words <= self._words.left
        called = norm(tokens, end) in self._words.called
        if called and before in ("a", "an", "the", "this", '"') and end - start > 1 and not words <= self._words.left:
            return True
        plain = all(token.text.islower() for token in tokens[start:end])
        asked = frame.introduced and self._asked_for(tokens, start)
        return asked and (called or (frame.closed and not frame.followed)) and (plain or called)

    def _asked_for(self, tokens: tuple[Token, ...], start: int) -> bool:
        """Whether the words before ask for practice, or name an application: "mock for a ...", "applied as ..."."""
        i = start - 1
        while i > 0 and (tokens[i].norm in ARTICLES or tokens[i].norm in self._words.before):
            if tokens[i].norm in self._words.asks:
                return True
            i -= 1
        return i >= 0 and tokens[i].norm in self._words.asks

    def _phrase(self, tokens: tuple[Token, ...], start: int, end: int) -> tuple[int, int] | None:
        """The last fixed title ("cabin crew") in the run."""
        words = [token.low for token in tokens[start:end]]
        if self._words.in_phrases.isdisjoint(words):
            return None  # the last word alone may be in the plural, and a phrase has two words or more
        singulars = [singular(word) for word in words]
        found = None
        for a in range(len(words)):
            for b in range(a + 1, min(a + 4, len(words)) + 1):
                written, one = tuple(words[a:b]), (*words[a : b - 1], singulars[b - 1])
                if written in self._words.phrases or one in self._words.phrases:
                    found = (start + a, start + b)
        return found

    def _suffixed(self, tokens: tuple[Token, ...], stop: int, end: int) -> int:
        """Past suffixes ("II", "trainee") and an "of ..." that the run goes on with."""
        while stop < end and tokens[stop].low in self._words.suffixes:
            stop += 1
        if stop + 1 < end and tokens[stop].low in ("of", "in", "/", "&", "-", "to", "de"):
            return end
        return stop

    def _qualified(self, tokens: tuple[Token, ...], stop: int) -> int:
        """Past a specialism in brackets, "backend dev (Go)", or behind the comma of a catalogue title."""
        if stop + 2 >= len(tokens) or tokens[stop].norm not in (",", "("):
            return stop
        if tokens[stop].norm == ",":
            return self._inverted(tokens, stop) or stop
        at = stop + 1
        while at < len(tokens) and (tokens[at].low in self._words.left or (tokens[at].text == "/" and at > stop + 1)):
            at += 1
        return at + 1 if at > stop + 1 and norm(tokens, at) == ")" else stop

    def _inverted(self, tokens: tuple[Token, ...], stop: int) -> int | None:
        """The end of a catalogue title, "Supervisor, Malted Milk" or "Tool Grinders, Filers, and Sharpeners".

        What is behind the comma is capitalised like the title, and a word like "role" closes it, or it consists of the
        words that titles are made of and ends where a title may end.
        """
        if not tokens[stop - 1].text[0].isupper():
            return None
        at, known = stop + 1, True
        while at < len(tokens) and at - stop <= _MOST_BEFORE:
            low = tokens[at].low
            if low not in _LIST_LINKS:
                if not tokens[at].text[0].isupper():
                    break
                known = known and (low in self._words.left or self._words.head(tokens, at) in ("strong", "weak"))
            at += 1
        if at == stop + 1 or tokens[at - 1].low in _LIST_LINKS:
            return None
        follows = norm(tokens, at)
        closed = at == len(tokens) or follows in _CLOSERS or follows in MARKS
        return at if follows in self._words.after or (known and closed) else None

    def _entity(self, document: Document, start: int, end: int, rank: int) -> Entity:
        tokens = document.tokens
        last = tokens[end - 1].low
        until = tokens[end - 1].end
        if self._words.is_plural_head(tokens, end - 1) and not self._one(tokens, start):
            until -= len(last) - len(singular(last)) if last.endswith("s") else 0
        value = " ".join(document.text[tokens[start].start : until].lower().split())
        negated = self._is_others(tokens, start, end) or any(i in document.negated for i in range(start, end))
        return Entity("target_role", value, start, end, "stated", negated=negated, rank=rank)

    @staticmethod
    def _one(tokens: tuple[Token, ...], start: int) -> bool:
        """Whether the words before call for one person, so that a plural is the title's own ("as a Sales Managers")."""
        before = [token.norm for token in tokens[max(start - 2, 0) : start]]
        return before[-1:] in (["a"], ["an"], ["my"], ["of"], [":"])

    def _is_others(self, tokens: tuple[Token, ...], start: int, end: int) -> bool:
        """Whether the title is somebody else's, or what the person was."""
        before = tuple(token.low for token in tokens[max(start - self._words.longest_other, 0) : start])
        follows = tokens[end].norm if end < len(tokens) else ""
        if any(before[-len(phrase) :] == phrase for phrase in self._words.others):
            return follows not in self._words.after
        if before[-1:] and before[-1] in _OWNERS:
            return follows not in self._words.after and before[-2:-1] not in (("be",), ("become",), ("as",))
        head = singular(tokens[end - 1].low)
        return (
            before[-1:] == ("the",)
            and head in self._words.people
            and end - start == 1
            and follows not in self._words.after
        )


def _is_fragment(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Whether [start, end) stands alone between marks."""
    opened = start == 0 or tokens[start - 1].norm in MARKS
    return opened and (end == len(tokens) or tokens[end].norm in MARKS)
