"""E-mail addresses, session ids and assignment ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity

_EMAIL = re.compile(r"[A-Za-z0-9_%+\-](?:[A-Za-z0-9._%+\-]{0,63})@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_CODE = re.compile(
    rf"(?<![\w@./\u00a3$\u20ac])(?:{_UUID}|(?=[A-Za-z0-9_\-#/]{{0,40}}\d)[A-Za-z0-9]{{1,24}}(?:[_\-#/][A-Za-z0-9]{{1,24}}){{0,4}})(?![\w@])"
)
_NO_CODE = re.compile(
    r"\d{1,2}|\d+(?:st|nd|rd|th|k|m|am|pm|min|mins|mns|minutes?|hrs?|h|s|x|ish|yrs?|years?|%)|\d{1,4}[-/]\d{1,4}(?:[-/]\d{1,4})?|"
    r"[a-z]{1,3}\d{1,2}|[a-z]+[-/][a-z]+|24/7|(?:\d{1,3}-)?[a-z]+-\d{1,2}|\d{1,3}-[a-z]+(?:-[a-z]+)?|[a-z]\d[a-z]?|covid-19|20\d\d|\d0x|[a-z]+\d(?:\.\d)?|\d{1,2}[a-z]+",
    re.IGNORECASE,
)
_ASSIGNMENT_PREFIX = ("asg", "as-", "as_", "as/", "assign", "inv-", "ax-", "asn", "int-asg")
_SESSION_PREFIX = ("sess", "ses-", "ses_", "ivs", "session", "int-", "int_", "iv-", "iv_", "drf", "draft-", "draft_", "sid")
_SESSION_WORDS = frozenset({"session", "sess", "sessions", "review", "id", "draft", "sid", "recording", "transcript", "interview"})
_ASSIGNMENT_WORDS = frozenset({"assignment", "assign", "assigned", "asg", "assignments", "ids", "batch", "assignment_ids", "assignment_id"})
_SEPARATORS = frozenset({",", "and", "&", ";", "/", "\n", "or", "+", "-", '"', "'", "[", "]", "then", "plus", "through"})
_OWN_BEFORE = frozenset({"cc", "bcc", "copy", "copying", "from", "sender", "notify", "regards", "cheers", "thanks", "it", "reply", "inform"})
_OWN_PHRASES = (
    ("i", "am"), ("my", "email"), ("my", "address"), ("email", "is"), ("let",), ("me", "("), ("me", "at"), ("me", "on"), ("panel", "is"),
    ("our", "recruiter"), ("my", "boss"), ("my", "manager"), ("my", "colleague"), ("copy", "in"), ("report", "to"), ("loop", "in"),
    ("keep", "in"), ("our", "manager"), ("this", "is"), ("it", "s"),
)  # fmt: skip
_OUT_BEFORE = (
    ("do", "not", "give"), ("do", "not", "assign"), ("do", "not", "send"), ("do", "not", "invite"), ("not", "to"), ("not", "include"),
    ("skip",), ("except",), ("except", "for"), ("excluding",), ("exclude",), ("but", "not"), ("not",), ("leave",), ("keep",), ("spare",),
    ("apart", "from"), ("other", "than"), ("never",), ("not", "touch"), ("ignore",), ("omit",), ("without",), ("not", "for"),
)  # fmt: skip
_OUT_AFTER = (
    ("stays",), ("stay",), ("out",), ("was", "rejected"), ("has", "already"), ("already",), ("keeps",), (":", "keep"), ("is", "fine"), ("can", "stay"),
    ("alone",), ("as",), ("should", "stay"), ("should", "keep"), ("remains",), ("is", "out"),
)  # fmt: skip


def emails(document: Document) -> Iterator[Entity]:
    """Each address once, lower case; those left out are negated, those of the sender or in copy are `sender`."""
    tokens = document.tokens
    kept: dict[str, Entity] = {}
    for match in _EMAIL.finditer(document.text):
        start, end = _tokens_of(tokens, match.start(), match.end())
        value = match[0].rstrip(".-").lower()
        if start >= end:
            continue
        slot = "sender" if _is_own(tokens, start, end) else "emails"
        found = Entity(slot, value, start, end, "stated", negated=_is_out(tokens, start, end))
        if value in kept and not found.negated:
            continue
        kept[value] = found
    yield from kept.values()


def _is_own(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether the address is the writer's, or of somebody who is only to be told."""
    before = [token.norm for token in tokens[max(start - 5, 0) : start]]
    while before and before[-1] in (":", "(", "<", ",", "mailto", "is", "also", "at", "in", "me", "and"):
        if before[-2:] in (["me", "("], ["me", "at"], ["email", "is"]):
            return True
        before.pop()
    if before[-1:] and before[-1] in _OWN_BEFORE:
        return True
    named = [before, before[:-1], before[:-2]]
    if any(tuple(words[-len(p) :]) == p for words in named for p in _OWN_PHRASES if words):
        follows = [token.norm for token in tokens[end : end + 3]]
        return "know" in follows or not any(words[-1:] == ["let"] for words in named)
    return False


def _is_out(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether the message says that nothing is to happen to this address."""
    before = [token.norm for token in tokens[max(start - 6, 0) : start] if token.norm not in ("to", "for", "from", "(", "please", "any")]
    named = (before, before[:-1])
    if any(tuple(words[-len(p) :]) == p for words in named for p in _OUT_BEFORE if len(words) >= len(p)):
        wanted = {"want", "need", "unassign", "unassigned"} & set(before)
        return not wanted
    after = tuple(token.norm for token in tokens[end : end + 3])
    if after[:1] in ((")",), (">",)):
        after = after[1:]
    return any(after[: len(p)] == p for p in _OUT_AFTER)


def codes(document: Document) -> Iterator[Entity]:
    """Session and assignment ids: by their prefix, by the words around, or by standing in a list with one."""
    tokens = document.tokens
    addresses = [match.span() for match in _EMAIL.finditer(document.text)]
    norms = {token.norm for token in tokens}
    assigning = bool(norms & _ASSIGNMENT_WORDS)
    last: tuple[int, str] | None = None
    for match in _CODE.finditer(document.text):
        if any(a < match.end() and match.start() < b for a, b in addresses):
            continue
        start, end = _tokens_of(tokens, match.start(), match.end())
        listed = last is not None and all(token.norm in _SEPARATORS for token in tokens[last[0] : start])
        slot = last[1] if listed and last else _slot(tokens, start, match[0], assigning=assigning)
        if start < end and slot:
            last = (end, slot)
            before = [token.norm for token in tokens[max(start - 3, 0) : start]]
            negated = bool({"not", "except", "skip"} & set(before)) and "unassign" not in before and "do" not in before
            negated = negated or before[-2:] == ["already", "have"]
            yield Entity(slot, match[0], start, end, "stated", negated=negated)


def _slot(tokens: Sequence[Token], start: int, code: str, *, assigning: bool) -> str | None:
    """Which slot a code fills, or None when nothing says that it is an id."""
    low = code.lower()
    if low.startswith(_ASSIGNMENT_PREFIX):
        return "assignment_ids"
    if low.startswith(_SESSION_PREFIX):
        return "session_id"
    near = [token.norm for token in tokens[max(start - 3, 0) : start]]
    words = set(near)
    plain = _NO_CODE.fullmatch(code) is not None
    if words & _ASSIGNMENT_WORDS and not (plain and code.isdigit() and len(code) < 3):
        return "assignment_ids"
    if words & {"session", "sess", "id", "draft", "sid"} and not (plain and len(code) < 3):
        return "session_id"
    if plain or not any(c.isdigit() for c in code):
        return None
    lettered = any(c.isalpha() for c in code)
    if not lettered:
        return "session_id" if len(code) >= 4 and words & _SESSION_WORDS else None
    if len(code) < 4:
        return "assignment_ids" if assigning else None
    return "assignment_ids" if assigning else "session_id"


def _tokens_of(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The token range that covers the characters [start, end)."""
    inside = [i for i, token in enumerate(tokens) if token.start < end and token.end > start]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
