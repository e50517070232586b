"""Job titles by grammar: modifiers, a head noun, suffixes.

A message is cut into runs of words that may belong to a title; what stands around a run, and what it ends in, say
whether it is one. Of several titles the one that is best introduced is the target (`Entity.rank`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_rules.entities import Roles

_MOST_BEFORE = 6
_LONGEST_UNKNOWN = 4
_LONGEST_COMPOUND = 8
"""Tokens to each side of a part of a hyphenated word that are looked at."""
_TIGHT_LINKS = frozenset({"/", "&", "-", "+", "'", "\u2019"})
_APOSTROPHES = frozenset({"'", "\u2019"})
_POSSESSIVE = frozenset({"'s", "\u2019s"})
_ARTICLES = frozenset({"a", "an", "the", "new", "another"})
_OWNERS = frozenset({"my", "your", "his", "her", "their", "our", "whose", "hiring"})
_AGENTIVE = ("er", "or", "ist", "ian", "eer", "ant", "man", "woman", "person", "ess", "eur", "wright", "smith")
_SHORTEST_AGENTIVE = 5
_TO = frozenset({"assistant", "secretary", "ea", "pa", "adviser", "advisor", "deputy"})
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
_MARKS = frozenset(
    {",", ".", "!", "?", ";", ":", "\n", "-", "--", "...", "(", ")", "|", '"', "'", "/", "\u201c", "\u201d"}
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
        self._heads = frozenset(rules.heads) | frozenset(rules.weak)
        self._weak = frozenset(rules.weak)
        self._people = frozenset(rules.people)
        self._endings = tuple(rules.endings)
        self._abbreviations = frozenset(rules.abbreviations)
        self._left = frozenset(rules.modifiers) | frozenset(rules.seniority)
        self._seniority = frozenset(rules.seniority)
        self._suffixes = frozenset(rules.suffixes)
        self._never = frozenset(rules.never)
        self._stop = frozenset(rules.stop)
        self._soft = frozenset(rules.soft)
        self._session = frozenset(rules.session)
        self._ranks = frozenset(rules.ranks)
        self._before = frozenset(rules.before)
        self._after = frozenset(rules.after)
        self._called = frozenset(rules.called)
        self._asks = frozenset(rules.asks)
        self._phrases = frozenset(tuple(phrase.replace("'s", " 's").split()) for phrase in rules.phrases)
        self._in_phrases = frozenset(word for phrase in self._phrases for word in phrase)
        self._others = frozenset(tuple(phrase.split()) for phrase in rules.others)
        self._longest_other = max((len(phrase) for phrase in self._others), default=0)

    def find(self, document: Document, taken: set[int]) -> Iterator[Entity]:
        """Titles in order, not overlapping; `taken` tokens (companies, ids) belong to none."""
        tokens = document.tokens
        for start, end in self._runs(tokens, taken):
            title = self._title(document, start, end)
            if title is not None:
                yield self._entity(document, *title)

    def _runs(self, tokens: tuple[Token, ...], taken: set[int]) -> list[tuple[int, int]]:
        """The longest ranges of words that may belong together in a title."""
        runs: list[tuple[int, int]] = []
        i = 0
        while i < len(tokens):
            if i in taken or not self._fits(tokens, i):
                i += 1
                continue
            end = i + 1
            while end < len(tokens):
                if end not in taken and self._fits(tokens, end):
                    end += 1
                    continue
                step = self._link(tokens, end)
                if not step or end + step in taken or not self._fits(tokens, end + step):
                    break
                end += step + 1
            runs.append((i, end))
            i = end
        return self._coordinated(tokens, runs)

    def _coordinated(self, tokens: tuple[Token, ...], runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Join "food" and "beverage manager": runs at an "and" that only the second has a head for, or of one job.

        Two heads are one job where both are plural ("inspectors and testers"), or where what introduces the first one
        or follows the second one speaks of a role ("as a planner and scheduler", "hair and make-up artist interview").
        """
        joined: list[tuple[int, int]] = []
        for start, end in runs:
            if joined and start - joined[-1][1] == 1 and tokens[start - 1].norm in ("and", "or"):
                first = joined[-1][0]
                headless = not any(self._head(tokens, i) == "strong" for i in range(*joined[-1]))
                headed = any(self._head(tokens, i) in ("strong", "weak") for i in range(start, end))
                plurals = all(self._is_plural_head(tokens, i) for i in (joined[-1][1] - 1, end - 1))
                one_job = headed and (self._introduced(tokens, first) or _norm(tokens, end) in self._after)
                if (headless and headed) or plurals or one_job:
                    joined[-1] = (first, end)
                    continue
            joined.append((start, end))
        return joined

    def _is_plural_head(self, tokens: tuple[Token, ...], i: int) -> bool:
        low = tokens[i].text.lower()
        return _singular(low) != low and low not in self._heads and self._head(tokens, i) == "strong"

    def _fits(self, tokens: tuple[Token, ...], i: int) -> bool:
        token = tokens[i]
        low = token.text.lower()
        if "@" in low or (not token.text[0].isalnum() and low not in self._left):
            return False
        compound = self._compound(tokens, i)
        if compound is not None:
            return compound
        if token.text == "IT" or low[0].isdigit():
            return self._heads_soon(tokens, i) if token.text[-1].isupper() else self._ranked(tokens, i)
        phrased = low in self._in_phrases and self._before_head(tokens, i)
        if low in self._ranks and low not in self._left and not phrased:
            return i + 1 < len(tokens) and tokens[i + 1].text[0].isdigit()
        if low in self._left or low in self._in_phrases:
            return low not in self._stop or self._before_head(tokens, i)
        if low in self._soft or _singular(low) in self._soft:
            return self._heads_soon(tokens, i)
        return low not in self._stop and (token.norm not in self._stop or not token.mended)

    def _ranked(self, tokens: tuple[Token, ...], i: int) -> bool:
        """Whether a number belongs to a title: "band 6", "developer 2", but not "analyst 15 minutes"."""
        if _norm(tokens, i - 1) in self._ranks:
            return True
        suffix = tokens[i].text.lower() in self._suffixes and i > 0 and self._head(tokens, i - 1) == "strong"
        return suffix and not self._counted(tokens, i)

    def _compound(self, tokens: tuple[Token, ...], i: int) -> bool | None:
        """Whether token `i` fits as a part of a hyphenated word; None when it is part of none."""
        left = i >= 2 and tokens[i - 1].text == "-" and tokens[i - 1].end == tokens[i].start
        right = i + 2 < len(tokens) and tokens[i + 1].text == "-" and tokens[i + 1].start == tokens[i].end
        if not left and not right:
            return None
        first = last = i
        while (
            first >= max(i - _LONGEST_COMPOUND, 2)
            and tokens[first - 1].text == "-"
            and tokens[first - 2].end == tokens[first - 1].start
        ):
            first -= 2
        while (
            last + 2 < min(i + _LONGEST_COMPOUND, len(tokens))
            and tokens[last + 1].text == "-"
            and tokens[last + 2].start == tokens[last + 1].end
        ):
            last += 2
        words = {tokens[k].text.lower() for k in range(first, last + 1, 2)}
        return not words & self._session and not tokens[first].text[0].isdigit()

    def _heads_soon(self, tokens: tuple[Token, ...], i: int) -> bool:
        """Whether a head follows at once, or after one more word ("career guidance adviser")."""
        for j in range(i + 1, min(i + 4, len(tokens))):
            low = tokens[j].text.lower()
            head = self._head(tokens, j)
            if head == "strong" or (head == "weak" and j > i + 1):
                return True
            if low in self._stop and low not in self._soft and low not in self._left:
                return False
            if not tokens[j].text[0].isalpha():
                return False
        return False

    def _before_head(self, tokens: tuple[Token, ...], i: int) -> bool:
        """A stop word that is also a modifier or part of a phrase: only right before a word that makes it one."""
        low = tokens[i].text.lower()
        if low in self._left and i + 1 < len(tokens) and self._head(tokens, i + 1) in ("strong", "weak"):
            return True
        words = [token.text.lower() for token in tokens[max(i - 3, 0) : i + 4]]
        at = min(i, 3)
        return any(
            tuple(words[a:b]) in self._phrases
            for a in range(at + 1)
            for b in range(max(at + 1, a + 2), min(a + 4, len(words)) + 1)
        )

    @staticmethod
    def _counted(tokens: tuple[Token, ...], i: int) -> bool:
        """Whether the number counts what follows ("analyst 15 minutes")."""
        return i + 1 < len(tokens) and tokens[i + 1].norm[:3] in ("min", "hou", "sec", "que", "hr", "m", "-")

    def _link(self, tokens: tuple[Token, ...], i: int) -> int:
        """How many tokens at `i` tie the words on both sides together; 0 if they do not."""
        if i + 1 >= len(tokens) or i == 0:
            return 0
        low, before, after = tokens[i].text.lower(), tokens[i - 1], tokens[i + 1]
        if low in _TIGHT_LINKS and before.end == tokens[i].start:
            return int(tokens[i].end == after.start or low in _APOSTROPHES)
        if low == "&" or low in _POSSESSIVE:
            return 1
        if low == "of":
            return int(not after.text[0].isdigit())
        if low == "in":
            return int(
                self._head(tokens, i - 1) == "strong" and after.text.lower() in self._left and after.text.islower()
            )
        if low == "to" and before.text.lower() in _TO and after.norm == "the" and i + 2 < len(tokens):
            return 2
        if low == "." and before.end == tokens[i].start and before.text.lower() + "." in self._left:
            return 1
        return 0

    def _head(self, tokens: tuple[Token, ...], i: int) -> str:
        """`strong`, `weak`, `agentive` (by its ending only) or nothing."""
        found = ""
        for word in (tokens[i].text.lower(), tokens[i].norm):
            single = _singular(word)
            if word in self._never or single in self._never:
                continue
            if word in self._weak or single in self._weak:
                found = found or "weak"
            elif word in self._heads or single in self._heads or single.endswith(self._endings):
                return "strong"
            elif word in self._abbreviations:
                return "strong" if tokens[i].text.isupper() else (found or "weak")
            elif (
                len(single) >= _SHORTEST_AGENTIVE
                and single.isalpha()
                and single.endswith(_AGENTIVE)
                and word not in self._left
                and word not in self._stop
            ):
                found = found or "agentive"
        return found

    def _title(self, document: Document, start: int, end: int) -> tuple[int, int, int] | None:
        """The title in the run [start, end) and its rank, if there is one."""
        tokens = document.tokens
        if _norm(tokens, start - 1) in _AT and all(token.text[0].isupper() for token in tokens[start:end]):
            return None  # a company: "at Cooper Steel"
        frame = self._frame(document, start, end)
        phrase = self._phrase(tokens, start, end)
        heads = [i for i in range(start, end) if self._head(tokens, i)]
        if heads and all(self._head(tokens, i) == "agentive" for i in heads):
            heads = [i for i in heads if self._trusted(tokens, start, end, i, frame)]
        if phrase is not None and (not heads or phrase[1] > heads[-1]):
            begin, stop = max(start, phrase[0] - _MOST_BEFORE), self._suffixed(tokens, phrase[1], end)
        elif heads:
            begin, stop = max(start, heads[-1] - _MOST_BEFORE), self._suffixed(tokens, heads[-1] + 1, end)
            if heads[-1] == begin and not self._stands_alone(document, begin, stop, frame):
                return None
        elif self._named(tokens, start, end, frame):
            begin, stop = start, end
        else:
            return None
        if stop < end and frame.closed and (frame.introduced or frame.followed):
            stop = self._extended(tokens, stop, end)
        begin = self._begins(tokens, begin, stop)
        stop = self._qualified(tokens, stop)
        followed = _norm(tokens, stop) in self._after
        fragment = _is_fragment(tokens, begin, stop)
        return begin, stop, 4 * frame.introduced + 2 * followed + (stop - begin > 1) + fragment

    @staticmethod
    def _extended(tokens: tuple[Token, ...], stop: int, end: int) -> int:
        """Past a capitalised rest of a capitalised title: "Director Clinical Operations"."""
        capitals = all(token.text[0].isupper() for token in tokens[stop - 1 : end] if token.text[0].isalpha())
        return end if capitals else stop

    def _frame(self, document: Document, start: int, end: int) -> _Frame:
        tokens = document.tokens
        followed = _norm(tokens, end) in self._after
        closed = followed or end == len(tokens) or tokens[end].norm in _MARKS or tokens[end].norm in _CLOSERS
        return _Frame(self._introduced(tokens, start), followed, closed, _is_fragment(tokens, start, end))

    def _stands_alone(self, document: Document, begin: int, stop: int, frame: _Frame) -> bool:
        """Whether a head without modifiers is a title: weak heads, people around a hiring and ranks need a frame."""
        tokens = document.tokens
        low = tokens[stop - 1].text.lower()
        framed = frame.introduced or _norm(tokens, stop) in self._after
        if low in self._seniority:
            return framed
        doubtful = self._head(tokens, stop - 1) == "weak" or bool({low, _singular(low)} & self._people)
        at_company = _norm(tokens, stop) in ("at", "@")
        return not doubtful or framed or at_company or _is_fragment(tokens, begin, stop)

    def _begins(self, tokens: tuple[Token, ...], begin: int, stop: int) -> int:
        """Past what cannot open a title: links, and a company's capitalised name before a plain title."""
        while begin < stop - 1 and tokens[begin].text.lower() in ("of", "&", "/", "-", "'s", "in", "and", "or"):
            begin += 1
        named = begin
        if begin == 0 or tokens[begin - 1].norm in _MARKS:
            return begin
        while named < stop and tokens[named].text[0].isupper() and not self._is_title_word(tokens[named]):
            named += 1
        plain = all(token.text.islower() for token in tokens[named:stop] if token.text.isalpha())
        return named if begin < named < stop and plain else begin

    def _is_title_word(self, token: Token) -> bool:
        low = token.text.lower()
        return token.text.isupper() or low in self._left or low in self._heads or low in self._ranks

    def _trusted(self, tokens: tuple[Token, ...], start: int, end: int, i: int, frame: _Frame) -> bool:
        """Whether a word that only *looks* like a head is one here."""
        if frame.introduced or _norm(tokens, i + 1) in self._after:
            return True
        if i > start and tokens[i - 1].text.lower() in self._left:
            return True
        return i == end - 1 and frame.fragment

    def _named(self, tokens: tuple[Token, ...], start: int, end: int, frame: _Frame) -> bool:
        """A run without a head that what is around calls a role ("an 'AI wrangler' gig", "mock for forklift")."""
        words = {token.text.lower() for token in tokens[start:end]}
        if end - start > _LONGEST_UNKNOWN or words & self._never:
            return False
        before = _norm(tokens, start - 1)
        if frame.introduced and before in ("a", "an") and _norm(tokens, start - 2) in ("as", "becoming", "become"):
            return not words <= self._left
        called = _norm(tokens, end) in self._called
        if called and before in ("a", "an", "the", "this", '"') and end - start > 1 and not words <= self._left:
            return True
        plain = all(token.text.islower() for token in tokens[start:end])
        asked = frame.introduced and self._asked_for(tokens, start)
        return asked and (called or (frame.closed and not frame.followed)) and (plain or called)

    def _asked_for(self, tokens: tuple[Token, ...], start: int) -> bool:
        """Whether the words before ask for practice, or name an application: "mock for a ...", "applied as ..."."""
        i = start - 1
        while i > 0 and (tokens[i].norm in _ARTICLES or tokens[i].norm in self._before):
            if tokens[i].norm in self._asks:
                return True
            i -= 1
        return i >= 0 and tokens[i].norm in self._asks

    def _phrase(self, tokens: tuple[Token, ...], start: int, end: int) -> tuple[int, int] | None:
        """The last fixed title ("cabin crew") in the run."""
        words = [token.text.lower() for token in tokens[start:end]]
        singular = [_singular(word) for word in words]
        found = None
        for a in range(len(words)):
            for b in range(a + 1, min(a + 4, len(words)) + 1):
                if tuple(words[a:b]) in self._phrases or (*words[a : b - 1], singular[b - 1]) in self._phrases:
                    found = (start + a, start + b)
        return found

    def _suffixed(self, tokens: tuple[Token, ...], stop: int, end: int) -> int:
        """Past suffixes ("II", "trainee") and an "of ..." that the run goes on with."""
        while stop < end and tokens[stop].text.lower() in self._suffixes:
            stop += 1
        if stop + 1 < end and tokens[stop].text.lower() in ("of", "in", "/", "&", "-", "to", "de"):
            return end
        return stop

    def _qualified(self, tokens: tuple[Token, ...], stop: int) -> int:
        """Past a specialism in brackets, "backend dev (Go)", or behind the comma of a catalogue title."""
        if stop + 2 >= len(tokens) or tokens[stop].norm not in (",", "("):
            return stop
        if tokens[stop].norm == ",":
            return self._inverted(tokens, stop) or stop
        at = stop + 1
        while at < len(tokens) and (
            tokens[at].text.lower() in self._left or (tokens[at].text == "/" and at > stop + 1)
        ):
            at += 1
        return at + 1 if at > stop + 1 and _norm(tokens, at) == ")" else stop

    def _inverted(self, tokens: tuple[Token, ...], stop: int) -> int | None:
        """The end of a catalogue title, "Supervisor, Malted Milk" or "Tool Grinders, Filers, and Sharpeners".

        What is behind the comma is capitalised like the title, and a word like "role" closes it, or it consists of the
        words that titles are made of and ends where a title may end.
        """
        if not tokens[stop - 1].text[0].isupper():
            return None
        at, known = stop + 1, True
        while at < len(tokens) and at - stop <= _MOST_BEFORE:
            low = tokens[at].text.lower()
            if low not in _LIST_LINKS:
                if not tokens[at].text[0].isupper():
                    break
                known = known and (low in self._left or self._head(tokens, at) in ("strong", "weak"))
            at += 1
        if at == stop + 1 or tokens[at - 1].text.lower() in _LIST_LINKS:
            return None
        follows = _norm(tokens, at)
        closed = at == len(tokens) or follows in _CLOSERS or follows in _MARKS
        return at if follows in self._after or (known and closed) else None

    def _introduced(self, tokens: tuple[Token, ...], start: int) -> bool:
        """Whether the words before say that a role comes."""
        i = start - 1
        while i >= 0 and (tokens[i].norm in _ARTICLES or tokens[i].text in ('"', "'", "\u201c", "(")):
            i -= 1
        if i < 0:
            return False
        norm, before = tokens[i].norm, tokens[i - 1].norm if i else ""
        if norm in (":", "=", "-", "of", "is", "as", "for", "de", "di") and before in self._after:
            return True
        if norm in ("of", "is", ":", "-"):
            return False
        return norm in self._before

    def _entity(self, document: Document, start: int, end: int, rank: int) -> Entity:
        tokens = document.tokens
        last = tokens[end - 1].text.lower()
        until = tokens[end - 1].end
        if self._is_plural_head(tokens, end - 1) and not self._one(tokens, start):
            until -= len(last) - len(_singular(last)) if last.endswith("s") else 0
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
        before = tuple(token.text.lower() for token in tokens[max(start - self._longest_other, 0) : start])
        follows = tokens[end].norm if end < len(tokens) else ""
        if any(before[-len(phrase) :] == phrase for phrase in self._others):
            return follows not in self._after
        if before[-1:] and before[-1] in _OWNERS:
            return follows not in self._after and before[-2:-1] not in (("be",), ("become",), ("as",))
        head = _singular(tokens[end - 1].text.lower())
        return before[-1:] == ("the",) and head in self._people and end - start == 1 and follows not in self._after


def _norm(tokens: tuple[Token, ...], i: int) -> str:
    return tokens[i].norm if 0 <= i < len(tokens) else ""


def _is_fragment(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    """Whether [start, end) stands alone between marks."""
    opened = start == 0 or tokens[start - 1].norm in _MARKS
    return opened and (end == len(tokens) or tokens[end].norm in _MARKS)


def _singular(word: str) -> str:
    """Without a plural's s."""
    if word.endswith(("men", "women")):
        return word[:-2] + "an"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
