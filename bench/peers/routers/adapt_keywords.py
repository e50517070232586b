"""adapt-parser: the words that tell an intent from the others are its keywords; the intent needs one of them.

adapt has no training, so the keywords are chosen here: the words and word pairs with the highest log-odds.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Any

from adapt.engine import IntentDeterminationEngine
from adapt.intent import IntentBuilder

FALLBACK = "general"
_KEYWORDS = 25
_LEAST = 4
_WORD = re.compile(r"[a-z0-9']+")


def fit(examples: list[dict[str, Any]]) -> Keywords:
    """Choose the keywords."""
    counts: dict[str, Counter[str]] = {}
    for example in examples:
        counts.setdefault(example["label"], Counter()).update(set(_terms(example["text"])))
    total = sum(counts.values(), Counter())
    sizes = Counter(example["label"] for example in examples)
    return Keywords({label: _best(counts[label], sizes[label], total, len(examples)) for label in sorted(counts)})


def _terms(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def _best(own: Counter[str], size: int, total: Counter[str], examples: int) -> list[str]:
    def gain(term: str) -> float:
        inside = (own[term] + 0.5) / (size + 1)
        outside = (total[term] - own[term] + 0.5) / (examples - size + 1)
        return own[term] * math.log(inside / outside)

    return sorted((t for t in own if own[t] >= _LEAST), key=lambda t: (-gain(t), t))[:_KEYWORDS]


class Keywords:
    """An engine, made again after unpickling: adapt's own is not made to be stored."""

    def __init__(self, keywords: dict[str, list[str]]) -> None:
        self.keywords = keywords
        self.engine = IntentDeterminationEngine()
        for n, (label, words) in enumerate(keywords.items()):
            names = [f"keyword{n}-{word}" for word in words]
            intent = IntentBuilder(label).one_of(*names)
            for name, word in zip(names, words, strict=True):
                self.engine.register_entity(word, name)
                intent.optionally(name)
            if words:
                self.engine.register_intent_parser(intent.build())

    def __reduce__(self) -> tuple[type[Keywords], tuple[dict[str, list[str]]]]:
        return Keywords, (self.keywords,)

    def read(self, message: dict[str, Any]) -> str:
        """The most confident intent."""
        found = max(
            self.engine.determine_intent(" ".join(_WORD.findall(message["text"].lower()))),
            key=lambda intent: intent["confidence"],
            default=None,
        )
        return found["intent_type"] if found else FALLBACK
