"""Pasted job ads: the longest stretch of lines and sentences that talk like an ad and not to the agent."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter

from growqr_router.document import Document
from growqr_router.entities.entity import Entity
from growqr_router.entities.words import Phrases
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Ads

_LONGEST = 2_000
_UNIT = re.compile(rf"[^\n]{{1,{_LONGEST}}}")
_BREAK = re.compile(
    r"(?<=[.!?])[ \t]{1,4}(?=[\"'\u201c\u2018A-Z])|[ \t]{0,4}>>[ \t]{0,4}|(?<=[a-z]:)[ \t]{1,4}(?=[\"'\u201c\u2018A-Z])"
)
_BROKEN = re.compile(r"[.!?:\n>](?:(?<=\n)|(?<=>)>|[ \t]{1,4}[\"'\u201c\u2018A-Z])")
"""What every break has: an ad is two units or more, or follows one that announces it."""
_SHAPE = re.compile(r"\bm/f/[dx]|[\u00a3$\u20ac] ?\d|\d ?k\b|\d/h", re.IGNORECASE)
_LABEL = re.compile(r"[ \t]{0,4}(?:[-*\u2022\u00b7] |[A-Z][A-Za-z /]{1,24}: )")
_SHAPED = re.compile(r"[\d/\u00a3$\u20ac]|[-*\u2022\u00b7:] ")
"""What every shape and label has: without it and without a sign there is no ad."""
_CREDENTIAL = re.compile(r"(?i)\b(?:password|passwd|pwd|api[ _-]?key|secret|token)\b[ \t]{0,3}[:=][ \t]{0,3}\S{1,200}")
_SHORTEST = 40
_OPENERS = 12
"""Hits, and characters, at a unit's edge that are looked at for how it opens and ends."""
_SIGNS_ALONE = 3
"""Signs that make an ad of a stretch that nothing announces."""
_WORDS_ALONE = 2
"""Of these, how many must be words."""
_AROUND = " \t\n\"'\u201c\u201d\u2018\u2019>"
_SIGN, _TALK, _INTRO, _OPENING = "sign", "talk", "intro", "opening"


class AdFinder:
    """Finds one job description per message."""

    def __init__(self, rules: Ads, tokeniser: Tokeniser) -> None:
        self._ad = Phrases([(_SIGN, rules.signs), (_INTRO, rules.intro)], tokeniser, attrgetter("stem"))
        self._talk = Phrases([(_TALK, rules.talk), (_OPENING, rules.openings)], tokeniser, attrgetter("stem"))

    def find(self, document: Document) -> list[Entity]:
        """The ad, verbatim but for credentials, which are dropped."""
        span = self._span(document)
        if span is None:
            return []
        start, end = document.tokens_in(*span)
        value = _CREDENTIAL.sub("[removed]", document.text[span[0] : span[1]])
        return [Entity("job_description", value, start, end, "stated")] if start < end else []

    def _span(self, document: Document) -> tuple[int, int] | None:
        text = document.text
        if len(text) < _SHORTEST or "@" in text or not (len(text) > _LONGEST or _BROKEN.search(text)):
            return None
        stems = [document.stems[i] for i in document.words]
        found = self._ad.find(document, stems)
        if not _may_be_ad(text, [name for _, _, name in found]):
            return None
        found += self._talk.find(document, stems)
        hits = sorted((*document.span(start, end), name) for start, end, name in found)
        best: list[tuple[int, int]] = []
        stretch: list[tuple[int, int]] = []
        most = signs = words = announced = 0
        for start, end in _units(text, hits):
            inside = hits[bisect_left(hits, (start,)) : bisect_left(hits, (end,))]
            said = Counter(name for _, b, name in inside if b <= end)
            opens = any(name == _OPENING and not text[:a].strip(_AROUND) for a, _, name in inside[:_OPENERS])
            asks = text[max(end - _OPENERS, start) : end].rstrip().endswith("?")
            if opens or said[_TALK] or asks:
                # An intro that ends in a colon announces an ad so plainly that it needs no sign of its own.
                opened = 1 + text[start:end].rstrip().endswith(":")
                announced = max(announced, opened) if said[_INTRO] else announced
                stretch, signs, words = [], announced == 2 and opened == 2, 0
                continue
            if not stretch and end - start < _SHORTEST and text[start:end].rstrip().endswith(":"):
                announced = max(announced, 1 + bool(said[_INTRO]))
                continue
            stretch.append((start, end))
            shaped = len(_SHAPE.findall(text, start, end)) + bool(_LABEL.match(text, start, end))
            words += said[_SIGN]
            signs += said[_SIGN] + shaped
            # Labels alone ("Length: 12 min") are how people fill in a form, not how an ad talks.
            if signs > most and (announced or words >= _WORDS_ALONE):
                best, most = stretch, signs
        return _trimmed(text, best, most, announced=announced > 0)


def _may_be_ad(text: str, names: list[str]) -> bool:
    """Whether signs and intros, of which these are the names, or a colon may make an ad of some of the text."""
    if not (":" in text or _INTRO in names or names.count(_SIGN) >= _WORDS_ALONE):
        return False
    return _SIGN in names or _SHAPED.search(text) is not None


def _trimmed(text: str, stretch: list[tuple[int, int]], signs: int, *, announced: bool) -> tuple[int, int] | None:
    """The stretch without the quotes and space around it, if it is long and ad-like enough."""
    if not stretch or (len(stretch) == 1 and not announced) or signs < (1 if announced else _SIGNS_ALONE):
        return None
    start, end = stretch[0][0], stretch[-1][1]
    if end - start < _SHORTEST:
        return None
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and (text[end - 1] in _AROUND or (text[end - 1] == "." and text[end - 2] in _AROUND)):
        end -= 1
    return start, end


def _units(text: str, hits: list[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Lines, and the sentences of a line."""
    talk = [a for a, _, name in hits if name in (_TALK, _OPENING, _INTRO)]
    for line in _UNIT.finditer(text):
        start = line.start()
        for gap in _BREAK.finditer(text, line.start(), line.end()):
            # A label ("Tasks: ...") belongs to what it names; only talk before a colon is cut off from what follows.
            if text[gap.start() - 1] == ":" and bisect_left(talk, start) == bisect_left(talk, gap.start()):
                continue
            yield start, gap.start()
            start = gap.end()
        if text[start : line.end()].strip(" -\t"):
            yield start, line.end()
