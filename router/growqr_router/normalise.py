"""Stage 1: fold the text to plain characters, keeping for each the offset it came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4\u0060\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "),
    }
)
# Cyrillic and Greek letters that look Latin (Unicode TR39 confusables, the lower-case and capital letters only).
_HOMOGLYPHS = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u03bf\u03b1\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408",
    "aeopcyxijsdqoaABEKMHOPCTXIJ",
)
_SPACES = frozenset("\t\r\x0b\x0c")
_SPACED = re.compile("[\t\r\x0b\x0c]")


@dataclass(frozen=True, slots=True)
class Normalised:
    """Folded text; character `i` came from `original[offsets[i]]`, and `offsets[len(text)]` is the original length."""

    text: str
    offsets: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original half-open span of the folded span [start, end)."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1 if end < len(self.offsets) else self.offsets[end]


def normalise(text: str) -> Normalised:
    """Fold `text`: NFKC per character, straight quotes and dashes, no format characters, Latin look-alikes.

    Look-alikes are folded only where the text also has plain Latin letters, so that a Russian or Greek sentence
    stays what it is.
    """
    if text.isascii() and not _SPACED.search(text):
        return Normalised(text, range(len(text) + 1))
    mixed = any("a" <= c <= "z" or "A" <= c <= "Z" for c in text)
    characters: list[str] = []
    offsets: list[int] = []
    for i, original in enumerate(text):
        for c in _fold(original, mixed=mixed):
            characters.append(c)
            offsets.append(i)
    offsets.append(len(text))
    return Normalised("".join(characters), tuple(offsets))


def _fold(character: str, *, mixed: bool) -> str:
    if character.isascii():
        return " " if character in _SPACES else character
    if unicodedata.category(character) in ("Cf", "Mn", "Cs"):
        return ""
    folded = unicodedata.normalize("NFKC", character).translate(_PUNCTUATION)
    return folded.translate(_HOMOGLYPHS) if mixed else folded
