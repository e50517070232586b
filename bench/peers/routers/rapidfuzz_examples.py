"""rapidfuzz: the label of the example that is most like the message, those said in the same state first."""

from __future__ import annotations

from typing import Any

from rapidfuzz import fuzz, process, utils


def fit(examples: list[dict[str, Any]]) -> Examples:
    """Keep the examples, prepared as rapidfuzz wants them."""
    return Examples([(utils.default_process(e["text"]), e["state"], e["label"]) for e in examples])


class Examples:
    """All examples."""

    def __init__(self, examples: list[tuple[str, str, str]]) -> None:
        self.examples = examples
        self.texts = [text for text, _, _ in examples]

    def read(self, message: dict[str, Any]) -> str:
        """The nearest example's label."""
        query = utils.default_process(message["text"])
        near = process.extract(query, self.texts, scorer=fuzz.token_sort_ratio, limit=5)
        best = max(near, key=lambda found: (found[1], self.examples[found[2]][1] == message["state"]))
        return self.examples[best[2]][2]
