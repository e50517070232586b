"""Which words the pack knows, and which general words must never be "mended" into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from growqr_rules import Pack

from growqr_router.tokenise import Tokeniser

VOCABULARY = "vocabulary.tsv"
GENERAL_WORDS = "general_words.txt"


def pack_vocabulary(pack: Pack, tokeniser: Tokeniser) -> dict[str, int]:
    """Folded word -> how often it stands in the pack's examples (from `vocabulary.tsv`) and concept phrases."""
    path = pack.folder / VOCABULARY
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    counts = Counter({word: int(n) for word, _, n in (line.partition("\t") for line in lines)})
    for concept in (*pack.concepts.values(), *pack.cues.values()):
        counts.update(words_of(concept.phrases, tokeniser))
    return dict(counts)


def words_of(texts: Iterable[str], tokeniser: Tokeniser) -> Counter[str]:
    """How often each folded word of letters stands in `texts`."""
    return Counter(token.norm for text in texts for token in tokeniser(text).tokens if token.norm.isalpha())


def general_words(pack: Pack) -> list[str]:
    """The English words that look like a word of the pack but are not; one per line in `general_words.txt`."""
    path = pack.folder / GENERAL_WORDS
    return path.read_text(encoding="utf-8").split() if path.exists() else []
