"""E-mail addresses, session ids and assignment ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from growqr_router.document import Document, Token
from growqr_router.entities.entity import Entity

_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_CODE = re.compile(
    rf"(?<![\w@.])(?:{_UUID}|[A-Za-z]{{1,12}}[_\-#](?=[\w\-]{{0,39}}\d)\w[\w\-]{{0,39}}|\d{{3,12}}|(?=[0-9a-f\-]*\d)(?=[0-9a-f\-]*[a-f])[0-9a-f]{{3,12}}(?:-[0-9a-f]{{1,12}}){{0,4}})(?![\w@])"
)
_SESSION = frozenset(
    {"session", "sess", "sessions", "review", "id", "interview", "recording", "transcript", "for", "of"}
)
_ASSIGNMENT = frozenset(
    {"assignment", "assign", "asg", "batch", "candidate", "candidates", "assignments", "ids", "results"}
)
_OWN = frozenset({"cc", "bcc", "me", "mine", "from", "sender", "my"})


def emails(document: Document) -> Iterator[Entity]:
    """Each address once, lower case; those of the sender, in copy or negated are marked negated."""
    seen: set[str] = set()
    for match in _EMAIL.finditer(document.text):
        start, end = _tokens_of(document.tokens, match.start(), match.end())
        value = match[0].rstrip(".").lower()
        if start >= end or value in seen:
            continue
        before = {token.norm for token in document.tokens[max(start - 3, 0) : start]}
        negated = bool(before & _OWN and not before & {"to"}) or start in document.negated
        if not negated:
            seen.add(value)
        yield Entity("emails", value, start, end, "stated", negated=negated)


def codes(document: Document) -> Iterator[Entity]:
    """Session and assignment ids: by their prefix, or by the word that stands before them."""
    addresses = [match.span() for match in _EMAIL.finditer(document.text)]
    for match in _CODE.finditer(document.text):
        if any(a < match.end() and match.start() < b for a, b in addresses):
            continue
        start, end = _tokens_of(document.tokens, match.start(), match.end())
        slot = _slot(document.tokens, start, match[0])
        if start < end and slot:
            yield Entity(slot, match[0], start, end, "stated", negated=start in document.negated)


def _slot(tokens: Sequence[Token], start: int, code: str) -> str | None:
    """Which slot a code fills, or None when nothing says that it is an id."""
    low = code.lower()
    if low.startswith(("asg", "as-", "as_", "assign", "inv-", "a-", "ax-", "asn")):
        return "assignment_ids"
    if low.startswith(("sess", "ses-", "ivs", "session", "int-", "iv-")):
        return "session_id"
    window = [token.norm for token in tokens[max(start - 8, 0) : start]]
    near = set(window[-3:])
    strong = any(c.isalpha() for c in code) and any(c.isdigit() for c in code) and len(code) >= 5
    if near & _ASSIGNMENT or (strong and set(window) & _ASSIGNMENT):
        return "assignment_ids"
    if near & {"session", "sess", "id", "review"} or strong:
        return "session_id"
    return None


def _tokens_of(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The token range that covers the characters [start, end)."""
    inside = [i for i, token in enumerate(tokens) if token.start < end and token.end > start]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
