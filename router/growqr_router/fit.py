"""Fit the weights, the vocabulary and the calibration of a pack to examples (`growqr rules build`).

The weights are those of a linear support vector machine, one class against the rest, classes balanced, over the
features of `growqr_router.features`; liblinear's dual coordinate descent with a fixed seed gives the same table at
every run. Nothing is learned when messages are routed. Needs scikit-learn (extra `[build]`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.svm import LinearSVC

from growqr_router.calibration import Bin, Calibration
from growqr_router.decision import Context
from growqr_router.features import UNIT, Features, letter_features, letter_value
from growqr_router.learned import Learned
from growqr_router.names import NewNames
from growqr_router.neighbours import Neighbour, Neighbours
from growqr_router.reading import Reading
from growqr_router.router import Router
from growqr_router.stages.find import kinds
from growqr_router.tokenise import Tokeniser
from growqr_router.vocabulary import trusted_words, words_of
from growqr_router.weights import BIAS, Weights
from growqr_rules import Example, Pack, bare_pack
from growqr_rules.pack import ExampleContext

Grouped = Sequence[tuple[str, Example]]
"""Examples, each with what is held out together: the stem of the file that it stands in."""

_PENALTY = 1.0
"""Liblinear's C."""
_SMALLEST = 60
"""A feature all of whose weights are smaller (thousandths of a margin) is left out of the table."""
_BINS = 20
_FOLDS = 5
"""Parts that the examples are dealt into for the calibration, whole files together."""


def fit(pack: Pack, examples: Grouped, *, made_with: str) -> Learned:
    """Fit everything to `examples`; the calibration on readings of each fold by a router that never saw it."""
    corpus = _Corpus(pack, examples)
    raw: list[float] = []
    right: list[bool] = []
    for fold in range(_FOLDS):
        router = Router(pack, corpus.learn([i for i, n in enumerate(corpus.folds) if n != fold]))
        for i, n in enumerate(corpus.folds):
            if n == fold and corpus.readings[i].verdict is None:
                decision = router.decide(router.score(corpus.reading(i)))
                raw.append(decision.confidence)
                right.append(decision.route == corpus.examples[i].route)
    learned = corpus.learn(range(len(corpus.examples)))
    return replace(learned, calibration=_calibrate(raw, right, made_with))


def fit_weights(pack: Pack, examples: Grouped) -> Learned:
    """Vocabulary, weights and neighbours, without calibration."""
    corpus = _Corpus(pack, examples)
    return corpus.learn(range(len(corpus.examples)))


def fit_router(examples: Sequence[tuple[str, str]], fallback: str | None) -> Router:
    """See `Router.from_examples`."""
    labels = sorted({label for _, label in examples})
    if len(labels) < 2 or fallback not in (None, *labels):
        there = ", ".join(labels) or "none"
        raise ValueError(f"needs two labels or more, and the fallback among them; there are: {there}")
    pack = bare_pack("examples", labels, fallback or labels[0])
    context = ExampleContext(state=pack.manifest.states[0], role=pack.manifest.roles[0])
    grouped = [("examples", Example(text=text, route=label, context=context)) for text, label in examples]
    return Router(pack, fit(pack, grouped, made_with="Router.from_examples"))


class _Corpus:
    """Examples, read once up to where fitted parts come in."""

    def __init__(self, pack: Pack, examples: Grouped) -> None:
        counts = words_of((example.text for _, example in examples), Tokeniser())
        self._pack = pack
        self._blank = replace(Learned.nothing(pack), vocabulary=trusted_words(pack, counts))
        reader = Router(pack, self._blank)
        self.examples = [example for _, example in examples]
        self.readings = [reader.prepare(example.text, context_of(example)) for example in self.examples]
        features = Features(NewNames(), kinds(pack.concepts))
        for reading in self.readings:
            reading.stated = features.stated(reading)
        self._rows = [_row(reading, features) for reading in self.readings]
        lines: Counter[str] = Counter()
        self._neighbours: list[Neighbour] = []
        for (group, example), reading in zip(examples, self.readings, strict=True):
            lines[group] += 1
            source, name = f"{group}:{lines[group]}", example.intent or example.route
            self._neighbours.append(Neighbour(source, name, reading.context.state, tuple(reading.stated.stems)))
        groups = sorted(lines)
        deal = {group: n % _FOLDS for n, group in enumerate(groups)}
        self.folds = [deal[g] if len(groups) > 1 else i % _FOLDS for i, (g, _) in enumerate(examples)]

    def reading(self, i: int) -> Reading:
        """A fresh copy of the reading of example `i`, to be scored."""
        return replace(self.readings[i], terms=list(self.readings[i].terms), scores=list(self.readings[i].scores))

    def learn(self, chosen: Sequence[int]) -> Learned:
        """Weights and neighbours from the chosen examples."""
        labels = [self._neighbours[i].name for i in chosen]
        weights = _fit_table([self._rows[i] for i in chosen], labels, self._pack.classes)
        neighbours = Neighbours([self._neighbours[i] for i in chosen if self._neighbours[i].words])
        return replace(self._blank, weights=weights, neighbours=neighbours)


def context_of(example: Example) -> Context:
    """The context in which an example was said."""
    return Context(state=example.context.state, role=example.context.role)


def _row(reading: Reading, features: Features) -> dict[str, float]:
    """Feature -> value, as the similarity stage weighs them."""
    values = {features.key(group, n): group.value / UNIT for group in features(reading) for n in group.numbers}
    stems = reading.stated.stems
    value = letter_value(reading.stated) / UNIT
    for stem in dict.fromkeys(stems):
        for letters in letter_features(stem):
            key = f"c:{letters}"
            values[key] = values.get(key, 0.0) + value
    return values


def _fit_table(rows: list[dict[str, float]], labels: list[str], classes: tuple[str, ...]) -> Weights:
    if len(set(labels)) < 2:
        return Weights.empty(classes)
    vectoriser = DictVectorizer()
    matrix = vectoriser.fit_transform(rows)
    matrix.indices = matrix.indices.astype(np.int32)  # what liblinear reads
    matrix.indptr = matrix.indptr.astype(np.int32)
    machine = LinearSVC(C=_PENALTY, class_weight="balanced", random_state=0)
    machine.fit(matrix, labels)
    coefficients, intercepts = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # liblinear keeps one row, of the second class against the first
        coefficients, intercepts = np.vstack([-coefficients, coefficients]), np.concatenate([-intercepts, intercepts])
    table = np.zeros((len(vectoriser.feature_names_), len(classes)), dtype=np.int64)
    bias = np.full(len(classes), -UNIT, dtype=np.int64)
    for row, name in enumerate(machine.classes_):
        table[:, classes.index(name)] = np.rint(coefficients[row] * UNIT)
        bias[classes.index(name)] = round(float(intercepts[row]) * UNIT)
    kept = np.flatnonzero(np.abs(table).max(axis=1) >= _SMALLEST)
    keys = (*(vectoriser.feature_names_[i] for i in kept), BIAS)
    return Weights.of(classes, keys, np.vstack([table[kept], bias]).astype(np.int32))


def _calibrate(raw: list[float], right: list[bool], made_with: str) -> Calibration:
    """A step every 1/20 of the messages, isotonic over the raw confidence."""
    order = np.argsort(raw, kind="stable")
    x, y = np.array(raw)[order], np.array(right, dtype=float)[order]
    smooth = IsotonicRegression(y_min=0.0, y_max=1.0).fit(x, y).predict(x)
    edges = np.linspace(0, len(x), min(_BINS, len(x)) + 1).astype(int)
    bins: list[Bin] = []
    for start, end in pairwise(edges):
        low = round(float(x[start]), 6)
        if end > start and (not bins or low > bins[-1].raw):
            bins.append(Bin(raw=low, right=round(float(smooth[start:end].mean()), 6), messages=int(end - start)))
    return Calibration(made_with=made_with, bins=bins)
