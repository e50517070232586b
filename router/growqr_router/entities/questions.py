"""Edits of a draft's questions: the questions that a person gives, and operations by number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress, pairwise
from typing import Any

from growqr_router.document import Document
from growqr_router.entities.entity import Entity
from growqr_router.entities.words import Sequences
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Edits

_QUOTED = re.compile(
    r"[\"\u201c\u201d]([^\"\u201c\u201d\n]{3,400})[\"\u201c\u201d]|(?<!\w)'([^\n']{2,200}(?:'\w[^\n']{1,200}){0,3})'(?!\w)"
)
_QUOTE = re.compile(r"[\"'\u201c\u201d](?<!\w')")
"""What every quotation begins with."""
_ITEM = re.compile(r"(?:^|(?<=[\s:;,.?!]))(?:\d{1,2}[.)]|[-*\u2022])[ \t]{1,4}(?=\S)")
_ITEMISED = re.compile(r"[-*\u2022\d][.)]?[ \t]")
"""What every item begins with."""
_AFTER_COLON = re.compile(r":[ \t\n]{0,4}([^:\n][^:]{4,800})\Z")
# It opens with one character class, which is found at once; what the character is, is asked behind it.
_SPLIT = re.compile(r"[\s;](?:(?<=[?.!]\s)\s{0,3}|(?<=;)\s{0,4}|(?<=\s)/\s|(?<=\n)\n*)")
_AROUND = " \t\n/;"
_NUMBERS_ONLY = re.compile(r"[\d\s,;/>-]*\Z")
_MOST = 30
"""Questions of one message; what is beyond is no list for an interview."""
_NEAR, _CLOSE = 6, 4
_NTH = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "last": -1,
}  # fmt: skip
_CARDINALS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_SENTENCE_ENDS = frozenset({".", ";", "\n", "!"})
_CONJUNCTIONS = frozenset({"and", ",", "then"})
_NUMBERED = frozenset({"question", "questions", "number", "no"})
_COUNTED = frozenset({"questions", "of", "more"})
_ANNOUNCING = frozenset({",", "-", "--"})

_Span = tuple[int, int]
"""Half-open, in characters."""


class QuestionFinder:
    """Finds the questions given and the operations asked for."""

    def __init__(self, rules: Edits, tokeniser: Tokeniser) -> None:
        self._ops = {_norm(word, tokeniser): op for op, words in rules.verbs.items() for word in words}
        self._op_words = frozenset(self._ops)
        self._adding = frozenset(word for word, op in self._ops.items() if op == "add") | {"ask"}
        self._openers = Sequences(tuple(_norm(w, tokeniser) for w in opener.split()) for opener in rules.openers)
        self._givers = frozenset(rules.givers)
        self._removers = frozenset(_norm(word, tokeniser) for word in rules.removers)
        self._asides = frozenset(rules.asides)

    def find(self, document: Document) -> list[Entity]:
        """The questions that are given, in order, as written; then one entity for all operations."""
        given = self._given(document)
        return [*given, *self._operations(document, given)]

    def _given(self, document: Document) -> list[Entity]:
        """The questions a person gives: quoted, numbered, after a colon or a word that gives."""
        spans = self._quoted(document) or _items(document) or self._after_giver(document)
        spans = spans or self._after_colon(document) or self._alone(document)
        found = []
        for start, end in spans[:_MOST]:
            value = document.text[start:end].strip(_AROUND)
            first, stop = document.tokens_in(start, end)
            if value and first < stop:
                found.append(Entity("questions", value, first, stop, "stated"))
        return found

    def _quoted(self, document: Document) -> list[_Span]:
        """Quoted questions that are given, not those quoted to say which one is meant."""
        quotes = [match.span(1 if match[1] is not None else 2) for match in _quotes(document.text)]
        return [(start, end) for start, end in quotes if self._is_given(document, start, end)]

    def _is_given(self, document: Document, start: int, end: int) -> bool:
        """Whether the quotation of the characters [start, end) is a new question."""
        norms = document.norms
        first, stop = document.tokens_in(start, end)
        if first == stop or not (document.text[end - 1] == "?" or self._opens(document, first) or stop - first > _NEAR):
            return False
        before = norms[max(first - 1 - _NEAR, 0) : max(first - 1, 0)]
        if before and before[-1] in self._givers:
            return True
        after = norms[stop + 1 : stop + 1 + _CLOSE]
        return self._removers.isdisjoint(before + after) and self._asides.isdisjoint(after[:1])

    def _after_giver(self, document: Document) -> list[_Span]:
        """Questions right behind a word that gives them: "change 3 to Why us?"."""
        norms = document.norms
        for i in compress(range(len(norms)), map(self._openers.sizes.__contains__, norms)):
            if i and (norms[i - 1] in self._givers or self._announced(norms, i)) and self._opens(document, i):
                return self._asked(document, document.starts[i])
        return []

    def _announced(self, norms: Sequence[str], i: int) -> bool:
        """Whether what begins at token `i` stands behind "add a question, "."""
        behind = i > 1 and norms[i - 1] in _ANNOUNCING and norms[i - 2] in ("question", "questions")
        return behind and not self._adding.isdisjoint(norms[max(i - 2 - _CLOSE, 0) : i - 2])

    def _asked(self, document: Document, start: int) -> list[_Span]:
        """The rest of the text, cut; where some of it asks, without the sentences that do not: "Thank you!"."""
        parts = _parts(document.text, start)
        asks = [document.text[slice(*part)].rstrip().endswith("?") for part in parts]
        if not any(asks):
            return parts
        return [
            part
            for part, ask in zip(parts, asks, strict=True)
            if ask or self._opens(document, document.tokens_in(*part)[0])
        ]

    def _after_colon(self, document: Document) -> list[_Span]:
        """The questions that the last colon announces."""
        match = _AFTER_COLON.search(document.text)
        return self._asked(document, match.start(1)) if match and not _NUMBERS_ONLY.match(match[1]) else []

    def _alone(self, document: Document) -> list[_Span]:
        """Sentences of their own that an interviewer would ask."""
        if "?" not in document.text:
            return []
        asked = [span for span in _parts(document.text, 0) if document.text[slice(*span)].rstrip().endswith("?")]
        return [span for span in asked if self._opens(document, document.tokens_in(*span)[0])]

    def _opens(self, document: Document, i: int) -> bool:
        """Whether an interviewer's question begins at token `i`."""
        return self._openers.follow(document.norms, i)

    def _operations(self, document: Document, given: list[Entity]) -> list[Entity]:
        """Edits by number: swap, move, drop, replace and add; one entity for all of a message."""
        if not document.has_any(self._op_words) or _items(document):
            return []  # nothing to do; or a list of one's own, which replaces all
        norms = document.norms
        own = {i for entity in given for i in range(entity.start, entity.end)}
        for quote in _quotes(document.text):
            own.update(range(*document.tokens_in(*quote.span())))
        ops: list[dict[str, Any]] = []
        first = last = None
        for start, end in self._clauses(document):
            if self._op_words.isdisjoint(norms[start:end]):
                continue
            inside = [i for i in range(start, end) if i not in own]
            op = next(
                (self._ops[norms[i]] for i in inside if norms[i] in self._ops and i not in document.negated), None
            )
            if op is None:
                continue
            numbers = [n for i in inside if (n := self._place(norms, i)) is not None]
            made = _operation(op, numbers, {norms[i] for i in inside})
            if made:
                ops += made
                first, last = (first if first is not None else start), end
        if first is None or last is None:
            return []
        return [Entity("question_ops", ops, first, last, "stated")]

    def _clauses(self, document: Document) -> Iterator[tuple[int, int]]:
        """Sentences, and parts of them at "and <verb>"."""
        start = 0
        for i, (norm, follows) in enumerate(pairwise((*document.norms, ""))):
            if norm in _SENTENCE_ENDS or (norm in _CONJUNCTIONS and follows in self._ops):
                yield start, i
                start = i + 1
        yield start, len(document.norms)

    def _place(self, norms: Sequence[str], i: int) -> int | None:
        """The question number that token `i` names; how many questions is none."""
        norm = norms[i]
        if norm in _NTH:
            return _NTH[norm]
        before, after = norms[i - 1] if i else "", norms[i + 1] if i + 1 < len(norms) else ""
        if before not in _NUMBERED and (after in _COUNTED or (norm in ("one", "1") and after == "question")):
            return None
        if norm.isdigit() and len(norm) <= 2 and norm.isascii():
            return int(norm)
        if norm[:1] == "q" and norm[1:].isdigit() and len(norm) <= 3:
            return int(norm[1:])
        named = before in _NUMBERED or before in self._ops or before == "and"
        return _CARDINALS.get(norm) if named else None


def _quotes(text: str) -> list[re.Match[str]]:
    return list(_QUOTED.finditer(text)) if _QUOTE.search(text) else []


def _items(document: Document) -> list[_Span]:
    """The items of a list that is numbered or marked."""
    text = document.text
    if not _ITEMISED.search(text):
        return []
    marks = list(_ITEM.finditer(text))
    if len(marks) < 2:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    lines = [(mark.end(), end, text.find("\n", mark.end(), end)) for mark, end in zip(marks, ends, strict=True)]
    return [(start, line if line > 0 else end) for start, end, line in lines]


def _parts(text: str, start: int) -> list[_Span]:
    """The rest of a text, cut behind sentences and at semicolons, slashes and line ends."""
    bounds = [start, *(m.end() for m in _SPLIT.finditer(text, start)), len(text)]
    said = ((a, text[a:b].strip(_AROUND)) for a, b in pairwise(bounds))
    return [(start := text.index(part, a), start + len(part)) for a, part in said if part]


def _norm(word: str, tokeniser: Tokeniser) -> str:
    return tokeniser.tokens(word)[0].norm


def _operation(op: str, numbers: list[int], words: set[str]) -> list[dict[str, Any]]:
    """The operations that a verb, the numbers beside it and the words around make; none when they make no sense."""
    if op == "drop":
        return [{"op": "drop", "at": number} for number in numbers]
    if op == "swap" and len(numbers) == 2:
        return [{"op": "swap", "at": numbers[0], "to": numbers[1]}]
    if op == "replace" and len(numbers) == 1:
        return [{"op": "replace", "at": numbers[0]}]
    if op == "move":
        return _move(numbers, words)
    if op == "add":
        at_start = {"at": 1} if words & {"start", "top", "beginning"} else {}
        return [{"op": "add", **({"at": numbers[0]} if numbers else at_start)}]
    return []


def _move(numbers: list[int], words: set[str]) -> list[dict[str, Any]]:
    if not numbers or (len(numbers) == 1 and numbers[0] in (1, -1) and not words & {"question", "number"}):
        return []
    to = numbers[1] if len(numbers) > 1 else (1 if words & {"first", "top", "start", "front"} else -1)
    return [{"op": "move", "at": numbers[0], "to": to}]
