"""Which words the pack knows, and which general words must never be "mended" into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from growqr_router.stages.spell import SHORTEST, Spell
from growqr_router.tokenise import Tokeniser
from growqr_rules import DEFAULT_PACK, Pack

GENERAL_WORDS = "general_words.txt"
_COMMONER = 5
"""A word that no English list knows counts as misspelt beside one that is this many times as frequent."""


def words_of(texts: Iterable[str], tokeniser: Tokeniser) -> Counter[str]:
    """How often each folded word of letters stands in `texts`."""
    return Counter(token.norm for text in texts for token in tokeniser.tokens(text) if token.norm.isalpha())


def phrase_words(pack: Pack, tokeniser: Tokeniser) -> Counter[str]:
    """The folded words of the pack's concepts and cues."""
    concepts = (phrase for concept in pack.concepts.values() for phrase in concept.phrases)
    cues = (phrase for cue in pack.cues.values() for phrase in cue.phrases)
    return words_of((*concepts, *cues), tokeniser)


def trusted_words(pack: Pack, counts: Counter[str]) -> Counter[str]:
    """Of the words of examples those that are no misspellings: seen twice, and English or like no commoner word."""
    general = frozenset(general_words(pack))
    english = {word: n for word, n in counts.items() if word in general and n > 1}
    mend = Spell(english, ()).mend

    def misspelt(word: str, n: int) -> bool:
        better = None if word in general or len(word) < SHORTEST else mend(word)
        return better is not None and english[better] >= _COMMONER * n

    return Counter({word: n for word, n in counts.items() if n > 1 and not misspelt(word, n)})


def general_words(pack: Pack) -> list[str]:
    """Words of general English, folded, that are never mended; one per line in `general_words.txt`.

    A pack in memory uses those of the pack that ships: they are of no domain.
    """
    path = (pack.folder or DEFAULT_PACK) / GENERAL_WORDS
    return path.read_text(encoding="utf-8").split() if path.exists() else []
