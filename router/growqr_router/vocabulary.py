"""Which words the pack knows, and which general words must never be "mended" into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from growqr_router.tokenise import Tokeniser
from growqr_rules import Pack

GENERAL_WORDS = "general_words.txt"


def words_of(texts: Iterable[str], tokeniser: Tokeniser) -> Counter[str]:
    """How often each folded word of letters stands in `texts`."""
    return Counter(token.norm for text in texts for token in tokeniser(text).tokens if token.norm.isalpha())


def phrase_words(pack: Pack, tokeniser: Tokeniser) -> Counter[str]:
    """The folded words of the pack's concepts and cues."""
    concepts = (phrase for concept in pack.concepts.values() for phrase in concept.phrases)
    cues = (phrase for cue in pack.cues.values() for phrase in cue.phrases)
    return words_of((*concepts, *cues), tokeniser)


def general_words(pack: Pack) -> list[str]:
    """The English words that look like a word of the pack but are not; one per line in `general_words.txt`."""
    path = pack.folder / GENERAL_WORDS
    return path.read_text(encoding="utf-8").split() if path.exists() else []
