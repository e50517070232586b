"""scikit-learn: TF-IDF of words, pairs and letters, with a linear support vector machine; state and role are words."""

from __future__ import annotations

from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.svm import LinearSVC


def fit(examples: list[dict[str, Any]]) -> Machine:
    """Fit both."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, letters), LinearSVC(C=1.0, class_weight="balanced", random_state=0))
    model.fit([_text(example) for example in examples], [example["label"] for example in examples])
    return Machine(model)


def _text(message: dict[str, Any]) -> str:
    return f"state_{message['state']} role_{message['role']} {message['text']}"


class Machine:
    """The fitted pipeline."""

    def __init__(self, model: Pipeline) -> None:
        self.model = model

    def read(self, message: dict[str, Any]) -> str:
        """The class with the highest margin."""
        return str(self.model.predict([_text(message)])[0])

    def read_many(self, messages: list[dict[str, Any]]) -> None:
        """All in one matrix."""
        self.model.predict([_text(message) for message in messages])
