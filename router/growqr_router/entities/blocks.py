"""Blocks of text: questions that a person gives, operations on numbered questions, pasted job descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from growqr_router.document import Document
from growqr_router.entities.entity import Entity

_QUOTED = re.compile(r"[\"\u201c\u201d]([^\"\u201c\u201d\n]{3,400})[\"\u201c\u201d]")
_ITEM = re.compile(r"(?:^|(?<=[\s:;,.?!]))(?:\d{1,2}[.)]|[-*\u2022])[ \t]{1,4}(?=\S)")
_AFTER_COLON = re.compile(r":[ \t\n]{0,4}([^:\n]{5,400})\Z")
_AD_SIGN = re.compile(
    r"\b(?:requirements?|responsib\w{1,9}|qualifications?|we(?: are|'re) (?:looking|hiring|seeking)|we ask for|you(?: will|'ll)|"
    r"degree|about (?:the role|us|you)|experience|must (?:have|hold|live|be)|must-haves?|essential|desirable|duties|salary|benefits|"
    r"(?:full|part)[ -]time|join our|to join|key skills|nice to have|proficien\w{1,3}|shifts?|per hour|reporting to|ability to|"
    r"required|preferred|wanted|vacancy|contract|permanent|maternity cover|closing date|ote|hybrid|licen[cs]e|yrs exp|"
    r"successful candidate|equal opportunit\w{1,4}|skills|hours|tasks|employer|apply)\b|m/f/[dx]|[\u00a3$\u20ac] ?\d|\d ?k\b|\d/h",
    re.IGNORECASE,
)
_AD_LABEL = re.compile(r"[ \t]{0,4}(?:[-*\u2022\u00b7] |[A-Z][A-Za-z /]{1,24}: )")
_AD_INTRO = re.compile(
    r"\b(?:jd|(?:job|the|this|that|an?) (?:ad|advert|description|desc|spec|posting|listing)|job post|out of this|from this|"
    r"for this job|this job|found this|saw this|(?:ad|advert|jd|description|spec) (?:below|attached|pasted)|real thing)\b",
    re.IGNORECASE,
)
# What people say to the agent, and ads do not.
_TALK = re.compile(
    r"\b(?:i|i'm|im|i've|i'd|i'll|me|my|mock|mocks|rehears\w{1,4}|grill|quiz|pls|plz|can (?:you|u)|could (?:you|u)|would you|"
    r"emma|payal|kapil|here'?s|here is|give you|interview based|they'd ask|they would ask|build a|session around|of this|from this|"
    r"practi[cs]e for|based on (?:this|that|it)|(?:warm[ -]?up|technical|behaviou?ral|coding) (?:round|one))\b|\?\s*\Z|"
    r"^\s*(?:use|regenerate|redo|base it|tailor|prep|prepare|make (?:me|it)|do it|start|begin|please|plan|set up|update|go|rewrite|fix|check|improve|"
    r"review|shorten|score|turn|why|what|how|questions? on)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[^\n]{1,2000}")
_BREAK = re.compile(r"(?<=[.!?])[ \t]{1,4}(?=[\"\u201cA-Z])|[ \t]{0,4}>>[ \t]{0,4}|(?<=[a-z]:)[ \t]{1,4}(?=[\"\u201cA-Z])")
_CREDENTIAL = re.compile(r"(?i)\b(?:password|passwd|pwd|api[ _-]?key|secret|token)\b[ \t]{0,3}[:=][ \t]{0,3}\S{1,200}")
_SHORTEST_AD = 40
_SIGNS_ALONE = 3
_AROUND = " \t\n\"\u201c\u201d>-"

_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "last": -1,
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}  # fmt: skip
_NUMBERED = frozenset({"question", "questions", "number", "swap", "and", "drop", "no"})
_OPS = {
    "swap": "swap", "switch": "swap", "exchange": "swap", "trade": "swap",
    "move": "move", "put": "move", "bring": "move", "push": "move", "shift": "move",
    "drop": "drop", "remove": "drop", "delete": "drop", "lose": "drop", "cut": "drop", "scrap": "drop", "skip": "drop",
    "kill": "drop", "bin": "drop", "ditch": "drop", "rid": "drop", "out": "drop", "strike": "drop", "axe": "drop",
    "replace": "replace", "change": "replace", "reword": "replace", "rewrite": "replace",
    "add": "add", "append": "add", "include": "add", "insert": "add",
}  # fmt: skip


def job_description(document: Document) -> Iterator[Entity]:
    """A pasted job ad: the longest stretch of lines and sentences that talk like an ad and not to the agent."""
    text = document.text
    span = _ad_span(text)
    if span is None:
        return
    inside = [i for i, token in enumerate(document.tokens) if span[0] <= token.start and token.end <= span[1]]
    if inside:
        value = _CREDENTIAL.sub("[removed]", text[span[0] : span[1]])
        yield Entity("job_description", value, inside[0], inside[-1] + 1, "stated")


def _ad_span(text: str) -> tuple[int, int] | None:
    if len(text) < _SHORTEST_AD or "@" in text:
        return None
    stretches: list[list[tuple[int, int]]] = [[]]
    intro = False
    for start, end in _units(text):
        if _TALK.search(text, start, end):
            intro = intro or bool(_AD_INTRO.search(text, start, end))
            stretches.append([])
        else:
            stretches[-1].append((start, end))
    best = max(stretches, key=lambda stretch: sum(_signs(text, *unit) for unit in stretch))
    signs = sum(_signs(text, *unit) for unit in best)
    alone = not intro and len(best) == 1
    if not best or best[-1][1] - best[0][0] < _SHORTEST_AD or alone or signs < (1 if intro else _SIGNS_ALONE):
        return None
    start, end = best[0][0], best[-1][1]
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and text[end - 1] in _AROUND:
        end -= 1
    return start, end


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Lines, and the sentences of a line."""
    for line in _UNIT.finditer(text):
        start = line.start()
        for gap in _BREAK.finditer(text, line.start(), line.end()):
            # A label ("Tasks: ...") belongs to what it names; only talk before a colon is cut off from what follows.
            if text[gap.start() - 1] == ":" and not _TALK.search(text, start, gap.start()):
                continue
            yield start, gap.start()
            start = gap.end()
        if text[start : line.end()].strip(" -\t"):
            yield start, line.end()


def _signs(text: str, start: int, end: int) -> int:
    """How many things in a unit are typical of job ads."""
    return len(_AD_SIGN.findall(text, start, end)) + bool(_AD_LABEL.match(text, start, end))


def questions(document: Document) -> Iterator[Entity]:
    """The questions a person gives: quoted, numbered, or after a colon; in order, as written."""
    text = document.text
    found = [(m.start(1), m.end(1)) for m in _QUOTED.finditer(text)] or list(_items(text))
    if not found:
        match = _AFTER_COLON.search(text)
        found = list(_sentences(text, match.start(1), match.end(1))) if match else []
    for start, end in found:
        value = text[start:end].strip()
        inside = [i for i, token in enumerate(document.tokens) if token.start < end and token.end > start]
        if value and inside:
            yield Entity("questions", value, inside[0], inside[-1] + 1, "stated")


def _items(text: str) -> Iterator[tuple[int, int]]:
    marks = [(m.start(), m.end()) for m in _ITEM.finditer(text)]
    if len(marks) < 2:
        return
    for n, (_, start) in enumerate(marks):
        end = marks[n + 1][0] if n + 1 < len(marks) else len(text)
        line = text.find("\n", start, end)
        yield start, (line if line > 0 else end)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The questions in a run of text: cut behind each question mark; one statement counts as one."""
    for match in re.finditer(r"[^?\s][^?]{0,400}\??", text[start:end]):
        yield start + match.start(), start + match.end()


def question_ops(document: Document) -> Iterator[Entity]:
    """Edits by number: swap, move, drop, replace and add."""
    quotes = [match.span(1) for match in _QUOTED.finditer(document.text)]
    tokens = document.tokens
    ops: list[dict[str, Any]] = []
    first = last = None
    for start, end in _op_clauses(document):
        inside = [i for i in range(start, end) if not any(a <= tokens[i].start < b for a, b in quotes)]
        op = next((_OPS[tokens[i].norm] for i in inside if tokens[i].norm in _OPS and i not in document.negated), None)
        if op is None:
            continue
        numbers = [n for i in inside if (n := _place(document, i)) is not None]
        made = _op(op, numbers, {tokens[i].norm for i in inside})
        if made:
            ops += made
            first, last = (first if first is not None else start), end
    if ops and first is not None and last is not None:
        yield Entity("question_ops", ops, first, last, "stated")


def _op_clauses(document: Document) -> Iterator[tuple[int, int]]:
    """Sentences, and parts of them at "and <verb>"."""
    tokens = document.tokens
    start = 0
    for i, token in enumerate(tokens):
        follows = tokens[i + 1].norm if i + 1 < len(tokens) else ""
        if token.norm in (".", ";", "\n", "!") or (token.norm in ("and", ",", "then") and follows in _OPS):
            yield start, i
            start = i + 1
    yield start, len(tokens)


def _place(document: Document, i: int) -> int | None:
    """The question number that token `i` names."""
    norm = document.tokens[i].norm
    if norm.isdigit() and len(norm) <= 2 and norm.isascii():
        return int(norm)
    if norm[:1] == "q" and norm[1:].isdigit() and len(norm) <= 3:
        return int(norm[1:])
    before = document.tokens[i - 1].norm if i else ""
    if norm in _NTH and (norm[-1] in "tdh" or before in _NUMBERED):
        return _NTH[norm]
    return None


def _op(op: str, numbers: list[int], words: set[str]) -> list[dict[str, Any]]:
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
