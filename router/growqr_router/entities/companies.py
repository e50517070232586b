"""Company names: known ones anywhere, common words and unknown names only where the words around call for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rapidfuzz.distance import OSA

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Companies

_LONGEST = 8
_SHORT = 4
"""Letters up to which a name in capitals is read as one only in capitals."""
_JOINING = frozenset(
    {
        "&",
        "of",
        "and",
        "the",
        "for",
        "'s",
        "\u2019s",
        "'",
        "\u2019",
        "-",
        ".",
        "de",
        "del",
        "della",
        "di",
        "do",
        "da",
        "du",
        "des",
    }
)
_SENTENCE_MARKS = frozenset({".", "!", "?", "\n", ":", "...", '"', "\u201c", "(", "-", "--"})
_ASKS = frozenset({"me", "us", "mock", "prep", "practice", "interview", "prepare"})
_NOT_OWNED = frozenset(
    {"and", "in", "on", "for", "next", "tomorrow", "today", "this", "please", "with", "as", "or", "at"}
)
_DOTTED = ("inc.", "ltd.", "co.", "corp.", "bros.")
_CONFIRMING = (["it", "is"], ["it", "s"], ["it", "'s"])
_CHOSEN = (["picked"], ["chose"], ["choose"], ["meant"])
_WHERE = frozenset({"in", "on", "near"})
_FRAGMENT_MARKS = _SENTENCE_MARKS | {",", ";", "/", "|", ")", "\u201d"}

_EXPLAINING = frozenset({",", "(", "-", "--", "\u2013", "\u2014"})
_EXPLAINED = 14
"""Words after a name within which it is explained."""
_SPELT = 5
"""Letters from which a name is recognised misspelt; shorter ones are too near to other words."""
_SPELT_ANYWHERE = 6
"""Letters from which it is recognised with nothing around that calls for a company."""
_APPLYING = frozenset({"applying", "applied", "apply"})
_PLAIN = 2
"""Words up to which "New Hospital" at the start of a sentence may be ordinary words."""

_Match = Callable[[tuple[Token, ...], int, set[int]], int]


class _Names:
    """Names as words, and by first word how long they get."""

    def __init__(self, names: Iterable[tuple[str, ...]]) -> None:
        self.all = frozenset(names)
        self.longest: dict[str, int] = {}
        for name in self.all:
            self.longest[name[0]] = max(len(name), self.longest.get(name[0], 0))


class _Spellings:
    """One-word names, to find those of which a word is a misspelling."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_letter: dict[str, list[str]] = {}
        for name in sorted(name for name in names if len(name) >= _SPELT):
            self._by_letter.setdefault(name[0], []).append(name)

    def near(self, word: str) -> bool:
        """Whether a name with the same first letter is one edit away (optimal string alignment)."""
        if len(word) < _SPELT:
            return False
        return any(OSA.distance(word, name, score_cutoff=1) <= 1 for name in self._by_letter.get(word[0], ()))


class CompanyFinder:
    """Finds companies; negated ones, and those that the person has left, are marked."""

    def __init__(self, rules: Companies, general: frozenset[str], tokeniser: Tokeniser) -> None:
        """`general` are words of general English: a sentence may open with one in capitals."""
        self._general = general
        common, strict = _keys(rules.common, tokeniser), _keys(rules.strict, tokeniser)
        known = _keys(rules.known, tokeniser) - common - strict
        self._known, self._strict, self._listed = _Names(known), _Names(strict), _Names(known | common)
        self._letters = frozenset(name.lower() for name in rules.known if name.isupper() and len(name) <= _SHORT)
        self._places = _Names(_keys(rules.places, tokeniser))
        self._never = _Names(_keys(rules.never, tokeniser))
        self._skills = self._never.all | strict
        self._after = frozenset(rules.after)
        self._does = _keys(rules.does, tokeniser)
        self._before = _keys(rules.before, tokeniser) | self._does
        self._called = frozenset(rules.called)
        self._kinds = frozenset(rules.kinds)
        self._prefixes = frozenset(rules.prefixes)
        self._left = _keys(rules.left, tokeniser)
        self._rejecting = _keys(rules.rejecting, tokeniser)
        self._people = frozenset(rules.people)
        self._sources = frozenset(rules.sources)
        self._spellings = _Spellings(name[0] for name in known if len(name) == 1)

    def known(self, document: Document, taken: set[int]) -> Iterator[Entity]:
        """Names that are companies wherever they stand."""
        yield from self._scan(document, taken, self._match_known)

    def named(self, document: Document, taken: set[int], roles: Iterable[Entity]) -> Iterator[Entity]:
        """Names that the words around make companies; `roles` are the titles found."""
        edges = {e.end for e in roles if not e.negated}, {e.start for e in roles if not e.negated}

        def match(tokens: tuple[Token, ...], i: int, used: set[int]) -> int:
            return self._match_named(tokens, i, used, edges)

        yield from self._scan(document, taken, match)

    def prolonged(self, document: Document, company: Entity, taken: set[int]) -> Entity:
        """A known name with the capitalised rest that no title has taken: "Siemens Healthineers"."""
        tokens = document.tokens
        end = company.end
        while end < len(tokens) and end not in taken and self._goes_on(tokens, end):
            end += 1
        run = self._name(tokens, company.start, taken)
        if run > end and tokens[run - 1].low in self._kinds and self._capitalised(tokens, run - 1):
            end = run
        return company if end == company.end else self.entity(document, company.start, end)

    def _goes_on(self, tokens: tuple[Token, ...], i: int) -> bool:
        low = tokens[i].low
        return (
            tokens[i].is_word
            and tokens[i].text[0].isupper()
            and low not in self._general
            and (low,) not in self._never.all
            and (low,) not in self._places.all
        )

    def _scan(self, document: Document, taken: set[int], match: _Match) -> Iterator[Entity]:
        tokens = document.tokens
        i = 0
        while i < len(tokens):
            end = i if i in taken else match(tokens, i, taken)
            if end > i:
                yield self.entity(document, i, end)
            i = max(end, i + 1)

    def entity(self, document: Document, start: int, end: int) -> Entity:
        """The token range as a company, negated where the message leaves it out."""
        tokens = document.tokens
        negated = any(n in document.negated for n in range(start, end)) or self._is_left(tokens, start, end)
        text = document.text[tokens[start].start : tokens[end - 1].end]
        if text.endswith(".") and not text.lower().endswith(_DOTTED):
            text = text[:-1]
        return Entity("company_name", text, start, end, "stated", negated=negated, rank=self._plainness(tokens, start))

    def _plainness(self, tokens: tuple[Token, ...], start: int) -> int:
        """How plainly the words before say that this company is the one: 2 "it's Lyft", 1 "at Lyft", else 0."""
        before = [token.norm for token in tokens[max(start - 2, 0) : start]]
        if before in _CONFIRMING or before[-1:] in _CHOSEN:
            return 2
        before = before[:-1] if before[-1:] == ["the"] else before
        return int(bool(before) and before[-1] in self._after)

    def _is_left(self, tokens: tuple[Token, ...], start: int, end: int) -> bool:
        """Whether the person was there, or was turned down there."""
        start -= int(start > 0 and tokens[start - 1].norm == "the")
        before = tuple(token.low for token in tokens[max(start - 4, 0) : start])
        if any(before[-size:] in self._left for size in range(1, len(before) + 1)):
            return True
        return self._precedes(tokens, end, self._rejecting)

    def _match_known(self, tokens: tuple[Token, ...], i: int, taken: set[int]) -> int:
        low = tokens[i].low
        if low not in self._known.longest:
            least = _SPELT if tokens[i].text[0].isupper() else _SPELT_ANYWHERE
            return i + 1 if len(low) >= least and self._is_misspelt(tokens[i]) else i
        end = self._longest(tokens, i, taken, self._known)
        if self._longest(tokens, i, taken, self._places) > end:
            return i
        plural = low in self._letters and low.endswith("s")
        if end == i + 1 and not tokens[i].text.isupper() and (plural or tokens[i].text in self._general):
            return i  # "follow-ups" is no UPS; after "at" it would be: see `named`
        return self._extended(tokens, end, taken) if end > i else i

    def _match_named(self, tokens: tuple[Token, ...], i: int, taken: set[int], roles: tuple[set[int], set[int]]) -> int:
        low = tokens[i].low
        if not (low in self._strict.longest or low in self._listed.longest or self._capitalised(tokens, i)):
            return i + 1 if self._is_misspelt(tokens[i]) and self._is_called(tokens, i) else i
        never = self._longest(tokens, i, taken, self._never)
        listed = self._longest(tokens, i, taken, self._listed)
        if listed <= never > i or self._longest(tokens, i, taken, self._places) > listed > i:
            return i
        if i and tokens[i - 1].norm in self._people:
            return i  # "my mate Chase"
        called = self._is_called(tokens, i)
        end = self._longest(tokens, i, taken, self._strict)
        if end > i:
            return end if called or self._is_employer(tokens, i, end, roles) else i
        if listed > i:
            named = called or self._is_meant(tokens, i, listed, roles)
            if called and self._capitalised(tokens, i):
                return max(listed, self._name(tokens, i, taken))
            return self._extended(tokens, listed, taken) if named else i
        if self._capitalised(tokens, i):
            return self._match_unknown(tokens, i, taken, roles, called=called)
        return i

    def _is_meant(self, tokens: tuple[Token, ...], i: int, end: int, roles: tuple[set[int], set[int]]) -> bool:
        """Whether a listed name that nothing announces is meant as one all the same."""
        if self._is_inside(tokens, i, end) or self._is_explained(tokens, i, end):
            return True
        if self._precedes(tokens, end, self._does):
            return True
        ordinary = end == i + 1 and tokens[i].text in self._general
        heading = end < len(tokens) and tokens[end].norm == ":"
        beside = self._is_beside(tokens, i, end, roles) and not (ordinary and heading)
        return beside or (end in roles[1] and not ordinary)

    def _is_employer(self, tokens: tuple[Token, ...], i: int, end: int, roles: tuple[set[int], set[int]]) -> bool:
        """Whether a tool or site stands next to a role as its employer, and not in a row of skills."""
        after = end + 1
        row = after < len(tokens) and self._capitalised(tokens, after) and (tokens[after].low,) in self._skills
        return not row and self._is_beside(tokens, i, end, roles)

    def _is_explained(self, tokens: tuple[Token, ...], i: int, end: int) -> bool:
        """Whether a name that opens the message or a part of it is explained ("shell ... (the oil company")."""
        if i and tokens[i - 1].norm not in _FRAGMENT_MARKS:
            return False
        words = [token.norm for token in tokens[end : end + _EXPLAINED]]
        return any(mark in _EXPLAINING and self._explains(words[k + 1 : k + 5]) for k, mark in enumerate(words))

    def _explains(self, words: list[str]) -> bool:
        """Whether the words say which meaning is meant: "as in the cards", "the phone company"."""
        if words[:2] == ["as", "in"]:
            return True
        kinds = [k for k, word in enumerate(words) if k and word in self._called]
        return words[:1] == ["the"] and bool(kinds) and words[kinds[0] + 1 : kinds[0] + 2] not in (["is"], ["was"])

    def _is_misspelt(self, token: Token) -> bool:
        """Whether a word is one letter from a name, and no word of its own."""
        low = token.low
        if len(low) < _SPELT or low in self._general or low.removesuffix("s") in self._general or token.text.isupper():
            return False
        return (low,) not in self._never.all and (low,) not in self._places.all and self._spellings.near(low)

    def _match_unknown(
        self, tokens: tuple[Token, ...], i: int, taken: set[int], roles: tuple[set[int], set[int]], *, called: bool
    ) -> int:
        """A capitalised name that no list has."""
        end = self._name(tokens, i, taken)
        words = tuple(token.low for token in tokens[i:end])
        opens = i == 0 or tokens[i - 1].norm in _SENTENCE_MARKS - {"("}
        if words in self._places.all or all(word in self._kinds for word in words[words[0] == "the" :]):
            return i
        if opens and words[0] == "the" and len(words) > 1:
            return i  # the name itself starts at the next word
        if len(words) > _PLAIN and words[-1] in self._kinds:
            return end
        if opens and words[0] in self._general and (len(words) == 1 or words[-1] in self._general):
            return i
        if len(words) > 1 and (words[-1] in self._kinds or words[0] in self._prefixes):
            return end
        before_role = end in roles[1] and not opens and not tokens[end - 1].text.isupper()
        if called or before_role or self._followed(tokens, end):
            return end
        unheard = len(words) > 1 or (words[0] not in self._general and not tokens[i].text.isupper())
        return end if unheard and self._is_beside(tokens, i, end, roles) else i

    def _is_beside(self, tokens: tuple[Token, ...], i: int, end: int, roles: tuple[set[int], set[int]]) -> bool:
        """Whether a name between marks stands next to a role ("Civil engineer. L&T.")."""
        beside = (i >= 2 and i - 1 in roles[0]) or (end + 1 < len(tokens) and end + 1 in roles[1])
        return beside and self._fragment(tokens, i, end)

    def _is_inside(self, tokens: tuple[Token, ...], i: int, end: int) -> bool:
        """Whether a name that is a common word too is written as a name, or does what companies do."""
        opens = i == 0 or tokens[i - 1].norm in _SENTENCE_MARKS or tokens[i - 1].norm == "i"
        capital = self._capitalised(tokens, i)
        return capital and (not opens or self._followed(tokens, end) or self._fragment(tokens, i, end))

    def _is_called(self, tokens: tuple[Token, ...], i: int) -> bool:
        """Whether the words before say that a company comes."""
        j = i - 1
        if j >= 0 and tokens[j].norm == "the":
            j -= 1
        if j < 0:
            return False
        word = tokens[j].norm
        if word in self._after:
            return True
        before = tokens[j - 1].norm if j else ""
        if word == "in":
            return before in ("interview", "job", "role", "position", "work")
        if word == "for" and (j == 0 or before in _ASKS) and self._fragment_ends(tokens, i):
            return True
        if word == "from" and before in self._sources:
            return True
        if word in ("from", "for", "as", "by") or (word in self._called and word != "wrong"):
            return self._capitalised(tokens, i)
        if word == "to" and (before in _APPLYING or before in self._called):
            return self._capitalised(tokens, i)
        named = word in (":", "is", "to", "called", "named", "time", "now", "-", "be", "are")
        near = {token.norm for token in tokens[max(j - 4, 0) : j + 1]}
        return named and bool(near & self._called)

    def _followed(self, tokens: tuple[Token, ...], end: int) -> bool:
        """Whether what follows is something that companies do, or have ("wants me", "interview")."""
        return self._precedes(tokens, end, self._before)

    @staticmethod
    def _precedes(tokens: tuple[Token, ...], end: int, phrases: frozenset[tuple[str, ...]]) -> bool:
        """Whether one of `phrases` follows, right away or behind the comma that closes an aside."""
        end += end < len(tokens) and tokens[end].text == ","
        words = tuple(token.norm for token in tokens[end : end + 5])
        return any(words[:size] in phrases for size in range(1, len(words) + 1))

    @staticmethod
    def _longest(tokens: tuple[Token, ...], i: int, taken: set[int], names: _Names) -> int:
        """The end of the longest of `names` that starts at `i`; `i` when none does."""
        longest = names.longest.get(tokens[i].low, 0)
        for size in range(min(longest, len(tokens) - i), 0, -1):
            if tuple(token.low for token in tokens[i : i + size]) in names.all:
                return i if any(i + k in taken for k in range(size)) else i + size
        return i

    def _extended(self, tokens: tuple[Token, ...], end: int, taken: set[int]) -> int:
        """Past what a known name goes on with: "Motors", "Energy"; after the NHS, its place."""
        while end < len(tokens) and end not in taken and tokens[end].text[0].isupper():
            if tokens[end].low not in self._kinds and tokens[end - 1].low not in self._prefixes:
                break
            end += 1
        return end

    def _fragment_ends(self, tokens: tuple[Token, ...], i: int) -> bool:
        """Whether a mark follows the word at `i` ("prep me for notion.")."""
        return i + 1 >= len(tokens) or tokens[i + 1].norm in _FRAGMENT_MARKS

    @staticmethod
    def _capitalised(tokens: tuple[Token, ...], i: int) -> bool:
        text = tokens[i].text
        numbered = text[0].isdigit() and text[-1].isalpha() and len(text) > 2
        return text[0].isupper() or (numbered and i + 1 < len(tokens) and tokens[i + 1].text[0].isupper())

    def _name(self, tokens: tuple[Token, ...], i: int, taken: set[int]) -> int:
        """The end of the capitalised name that starts at `i`."""
        end = i + 1
        while end < len(tokens) and end - i < _LONGEST and end not in taken:
            text = tokens[end].text
            if (
                (text[0].isupper() and (tokens[end].low,) not in self._never.all)
                or (text.lower() in self._kinds and text not in self._called and tokens[end - 1].text[0].isupper())
                or (text in ("'s", "\u2019s", "'", "\u2019") and tokens[end - 1].end == tokens[end].start)
            ):
                end += 1
            elif (
                text in _JOINING
                and end + 1 < len(tokens)
                and end + 1 not in taken
                and tokens[end + 1].text[0].isupper()
                and tokens[end + 1].norm != "i"
                and (text != "." or len(tokens[end - 1].text) <= 2)
                and (text not in ("and", "for", "the", "-") or tokens[end - 1].text[0].isupper())
            ):
                end += 2
            else:
                break
        # "Google's interview" is Google's; "at St. Brendan's." is its name.
        owning = end < len(tokens) and tokens[end].is_word and tokens[end].norm not in _NOT_OWNED
        while owning and tokens[end - 1].text in ("'s", "\u2019s", "'", "\u2019"):
            end -= 1
        return end

    @staticmethod
    def _fragment(tokens: tuple[Token, ...], start: int, end: int) -> bool:
        opened = start == 0 or tokens[start - 1].norm in _FRAGMENT_MARKS
        if end == len(tokens):
            return opened
        hyphened = tokens[end].norm == "-" and tokens[end].start == tokens[end - 1].end  # "Three-bed cottage"
        located = tokens[end].norm in _WHERE and end + 1 < len(tokens) and tokens[end + 1].text[0].isupper()
        return opened and (located or (tokens[end].norm in _FRAGMENT_MARKS and not hyphened))


def _keys(names: Iterable[str], tokeniser: Tokeniser) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(token.low for token in tokeniser.tokens(name)) for name in names)
