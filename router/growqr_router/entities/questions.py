"""Edits of a draft's questions: the questions that a person gives, and operations by number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Edits

_QUOTED = re.compile(
    r"[\"\u201c\u201d]([^\"\u201c\u201d\n]{3,400})[\"\u201c\u201d]|(?<!\w)'([^\n']{2,200}(?:'\w[^\n']{1,200}){0,3})'(?!\w)"
)
_QUOTE = re.compile(r"[\"'\u201c\u201d]")
_ITEM = re.compile(r"(?:^|(?<=[\s:;,.?!]))(?:\d{1,2}[.)]|[-*\u2022])[ \t]{1,4}(?=\S)")
_ITEMISED = re.compile(r"[-*\u2022.)][ \t]")
"""What every item begins with."""
_AFTER_COLON = re.compile(r":[ \t\n]{0,4}([^:\n][^:]{4,800})\Z")
_SPLIT = re.compile(r"(?<=[?.!])\s{1,4}|;\s{0,4}|\s/\s|\n+")
_AROUND = " \t\n/;"
_NUMBERS_ONLY = re.compile(r"[\d\s,;/>-]*\Z")
_MOST = 30
"""Questions of one message; what is beyond is no list for an interview."""
_NEAR, _CLOSE = 6, 4
_NTH = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "last": -1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
}  # fmt: skip
_NUMBERED = frozenset({"question", "questions", "number", "no"})


class QuestionFinder:
    """Finds the questions given and the operations asked for."""

    def __init__(self, rules: Edits, tokeniser: Tokeniser) -> None:
        self._ops = {_norm(word, tokeniser): op for op, words in rules.verbs.items() for word in words}
        self._op_words = frozenset(self._ops)
        self._openers = frozenset(tuple(_norm(w, tokeniser) for w in opener.split()) for opener in rules.openers)
        self._givers = frozenset(rules.givers)
        self._removers = frozenset(_norm(word, tokeniser) for word in rules.removers)
        self._asides = frozenset(rules.asides)

    def given(self, document: Document) -> Iterator[Entity]:
        """The questions a person gives: quoted, numbered, after a colon or a word that gives; in order, as written."""
        text = document.text
        ways = (self._quoted, self._items, self._after_giver, self._after_colon, self._alone)
        spans = next((found for way in ways if (found := list(way(document)))), [])
        for start, end in spans[:_MOST]:
            value = text[start:end].strip(_AROUND)
            first, stop = document.tokens_in(start, end)
            if value and first < stop:
                yield Entity("questions", value, first, stop, "stated")

    def _quoted(self, document: Document) -> Iterator[tuple[int, int]]:
        """Quoted questions that are given, not those quoted to say which one is meant."""
        text, tokens = document.text, document.tokens
        if not _QUOTE.search(text):
            return
        for match in _QUOTED.finditer(text):
            start, end = match.span(1) if match[1] is not None else match.span(2)
            first, stop = document.tokens_in(start, end)
            if first == stop or not (text[end - 1] == "?" or self._opens(tokens, first) or stop - first > _NEAR):
                continue
            before = [token.norm for token in tokens[max(first - 1 - _NEAR, 0) : max(first - 1, 0)]]
            after = [token.norm for token in tokens[stop + 1 : stop + 1 + _NEAR]]
            gives = bool(before) and before[-1] in self._givers
            if not gives and (self._removers & set(before) or self._removers & set(after[:_CLOSE])):
                continue
            if not gives and after[:1] and after[0] in self._asides:
                continue
            yield start, end

    @staticmethod
    def _items(document: Document) -> Iterator[tuple[int, int]]:
        text = document.text
        if not _ITEMISED.search(text):
            return
        marks = [(m.start(), m.end()) for m in _ITEM.finditer(text)]
        if len(marks) < 2:
            return
        for n, (_, start) in enumerate(marks):
            end = marks[n + 1][0] if n + 1 < len(marks) else len(text)
            line = text.find("\n", start, end)
            yield start, (line if line > 0 else end)

    def _after_giver(self, document: Document) -> Iterator[tuple[int, int]]:
        """Questions right behind a word that gives them: "change 3 to Why us?"."""
        tokens = document.tokens
        if not document.has_any(self._givers):
            return
        for i in range(1, len(tokens)):
            if tokens[i - 1].norm in self._givers and self._opens(tokens, i):
                yield from _parts(document.text, tokens[i].start)
                return

    @staticmethod
    def _after_colon(document: Document) -> Iterator[tuple[int, int]]:
        match = _AFTER_COLON.search(document.text)
        if match and not _NUMBERS_ONLY.match(match[1]):
            yield from _parts(document.text, match.start(1))

    def _alone(self, document: Document) -> Iterator[tuple[int, int]]:
        """Sentences of their own that an interviewer would ask."""
        if "?" not in document.text:
            return
        for start, end in _parts(document.text, 0):
            first, stop = document.tokens_in(start, end)
            if document.text[start:end].rstrip().endswith("?") and first < stop and self._opens(document.tokens, first):
                yield start, end

    def _opens(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether an interviewer's question begins at token `i`."""
        norms = tuple(token.norm for token in tokens[i : i + 3])
        return any(norms[:size] in self._openers for size in range(1, len(norms) + 1))

    def operations(self, document: Document) -> Iterator[Entity]:
        """Edits by number: swap, move, drop, replace and add; one entity for all of a message."""
        if not document.has_any(self._op_words) or list(self._items(document)):
            return  # nothing to do; or a list of one's own, which replaces all
        tokens = document.tokens
        own = {i for entity in self.given(document) for i in range(entity.start, entity.end)}
        for quote in _QUOTED.finditer(document.text):
            own.update(range(*document.tokens_in(*quote.span())))
        ops: list[dict[str, Any]] = []
        first = last = None
        for start, end in self._clauses(document):
            inside = [i for i in range(start, end) if i not in own]
            verbs = (i for i in inside if tokens[i].norm in self._ops and i not in document.negated)
            op = next((self._ops[tokens[i].norm] for i in verbs), None)
            if op is None:
                continue
            numbers = [n for i in inside if (n := self._place(tokens, i)) is not None]
            made = _operation(op, numbers, {tokens[i].norm for i in inside})
            if made:
                ops += made
                first, last = (first if first is not None else start), end
        if ops and first is not None and last is not None:
            yield Entity("question_ops", ops, first, last, "stated")

    def _clauses(self, document: Document) -> Iterator[tuple[int, int]]:
        """Sentences, and parts of them at "and <verb>"."""
        tokens = document.tokens
        start = 0
        for i, token in enumerate(tokens):
            follows = tokens[i + 1].norm if i + 1 < len(tokens) else ""
            if token.norm in (".", ";", "\n", "!") or (token.norm in ("and", ",", "then") and follows in self._ops):
                yield start, i
                start = i + 1
        yield start, len(tokens)

    def _place(self, tokens: Sequence[Token], i: int) -> int | None:
        """The question number that token `i` names."""
        norm = tokens[i].norm
        if norm.isdigit() and len(norm) <= 2 and norm.isascii():
            return int(norm)
        if norm[:1] == "q" and norm[1:].isdigit() and len(norm) <= 3:
            return int(norm[1:])
        before = tokens[i - 1].norm if i else ""
        if norm in _NTH and (norm[-1] in "tdh" or before in _NUMBERED or before in self._ops or before == "and"):
            return _NTH[norm]
        return None


def _parts(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The rest of a text, cut behind sentences and at semicolons, slashes and line ends."""
    bounds = [start, *(m.end() for m in _SPLIT.finditer(text, start)), len(text)]
    yield from ((a, b) for a, b in pairwise(bounds) if text[a:b].strip(_AROUND))


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
