"""spaCy: its text categoriser for speed (bag of words and word pairs); state and role are words."""

from __future__ import annotations

import random
from typing import Any

import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.util import minibatch

_EPOCHS = 6
_BATCH = 64
_CONFIG = {
    "model": {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": True,
        "ngram_size": 2,
        "no_output_layer": False,
        "length": 262144,
    }
}


def fit(examples: list[dict[str, Any]]) -> Categoriser:
    """Train from a fixed seed."""
    spacy.util.fix_random_seed(0)
    rng = random.Random(0)  # noqa: S311 - an order, not a secret
    nlp = spacy.blank("en")
    categoriser = nlp.add_pipe("textcat", config=_CONFIG)
    labels = sorted({example["label"] for example in examples})
    for label in labels:
        categoriser.add_label(label)
    rows = [
        Example.from_dict(nlp.make_doc(_text(e)), {"cats": {label: float(label == e["label"]) for label in labels}})
        for e in examples
    ]
    optimizer = nlp.initialize(lambda: rows[:500])
    for _ in range(_EPOCHS):
        rng.shuffle(rows)
        for batch in minibatch(rows, _BATCH):
            nlp.update(batch, sgd=optimizer)
    return Categoriser(nlp)


def _text(message: dict[str, Any]) -> str:
    return f"state_{message['state']} role_{message['role']} {message['text'].lower()}"


class Categoriser:
    """The trained pipeline."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        return _restore, (self.nlp.to_bytes(),)

    def read(self, message: dict[str, Any]) -> str:
        """The likeliest class."""
        return _best(self.nlp(_text(message)).cats)

    def read_many(self, messages: list[dict[str, Any]]) -> None:
        """As a stream."""
        for doc in self.nlp.pipe(map(_text, messages), batch_size=256):
            _best(doc.cats)


def _best(scores: dict[str, float]) -> str:
    return max(scores, key=lambda label: (scores[label], label))


def _restore(data: bytes) -> Categoriser:
    nlp = spacy.blank("en")
    nlp.add_pipe("textcat", config=_CONFIG)
    return Categoriser(nlp.from_bytes(data))
