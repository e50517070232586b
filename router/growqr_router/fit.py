"""Fit the weights, the vocabulary and the calibration of a pack to examples (`growqr rules build`).

The weights are those of a linear support vector machine, one class against the rest, classes balanced, over the
features of `growqr_router.features`; liblinear's dual coordinate descent with a fixed seed gives the same table at
every run. Nothing is learned when messages are routed. Needs scikit-learn (extra `[build]`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.svm import LinearSVC

from growqr_router.calibration import Bin, Calibration
from growqr_router.decision import Context, Decision
from growqr_router.features import UNIT, feature_stems, features, letter_features, letter_value
from growqr_router.learned import Learned
from growqr_router.reading import Reading
from growqr_router.router import Router
from growqr_router.stages.find import kinds
from growqr_router.tokenise import Tokeniser
from growqr_router.vocabulary import trusted_words, words_of
from growqr_router.weights import BIAS, Weights
from growqr_rules import Example, Pack

Grouped = Sequence[tuple[str, Example]]
"""Examples, each with what is held out together: the stem of the file that it stands in."""

_PENALTY = 1.0
"""Liblinear's C."""
_SMALLEST = 15
"""A feature all of whose weights are smaller (thousandths of a margin) is left out of the table."""
_BINS = 20


def fit(pack: Pack, examples: Grouped, *, made_with: str) -> Learned:
    """Fit everything to `examples`; the calibration on readings of each group by a router that never saw it."""
    groups = sorted({group for group, _ in examples})
    if len(groups) == 1:  # no files to hold out: every fifth example, by its place
        examples = [(str(i % 5), example) for i, (_, example) in enumerate(examples)]
        groups = sorted({group for group, _ in examples})
    raw: list[float] = []
    right: list[bool] = []
    for held in groups:
        for example, decision in held_out(pack, examples, held):
            if decision.stage in ("evidence", "similarity"):
                raw.append(decision.confidence)
                right.append(decision.route == example.route)
    return replace(fit_weights(pack, examples), calibration=_calibrate(raw, right, made_with))


def held_out(pack: Pack, examples: Grouped, held: str) -> Iterator[tuple[Example, Decision]]:
    """Each example of group `held` with the decision of a router fitted, uncalibrated, to all the other groups."""
    router = Router(pack, fit_weights(pack, [(g, e) for g, e in examples if g != held]))
    for group, example in examples:
        if group == held:
            yield example, router.route(example.text, context_of(example))


def fit_weights(pack: Pack, examples: Grouped) -> Learned:
    """Vocabulary and weights, without calibration."""
    tokeniser = Tokeniser()
    counts = words_of((example.text for _, example in examples), tokeniser)
    nothing = Learned.nothing(pack)
    learned = replace(nothing, vocabulary=trusted_words(pack, counts))
    reader = Router(pack, learned)
    known = kinds(pack.concepts)
    rows = [_features(reader.read(example.text, context_of(example)), known) for _, example in examples]
    labels = [example.intent or example.route for _, example in examples]
    return replace(learned, weights=_fit_table(rows, labels, pack.classes))


def context_of(example: Example) -> Context:
    """The context in which an example was said."""
    return Context(state=example.context.state, role=example.context.role)


def _features(reading: Reading, known: Mapping[str, str]) -> dict[str, float]:
    """Feature -> value, as the similarity stage weighs them."""
    values = {feature.key: feature.value / UNIT for feature in features(reading, known)}
    stems = feature_stems(reading)
    value = letter_value(stems) / UNIT
    for stem in dict.fromkeys(stems):
        for key in letter_features(stem):
            values[key] = values.get(key, 0.0) + value
    return values


def _fit_table(rows: list[dict[str, float]], labels: list[str], classes: tuple[str, ...]) -> Weights:
    vectoriser = DictVectorizer()
    matrix = vectoriser.fit_transform(rows)
    matrix.indices = matrix.indices.astype(np.int32)  # what liblinear reads
    matrix.indptr = matrix.indptr.astype(np.int32)
    machine = LinearSVC(C=_PENALTY, class_weight="balanced", random_state=0)
    machine.fit(matrix, labels)
    table = np.zeros((len(vectoriser.feature_names_), len(classes)), dtype=np.int64)
    for row, name in enumerate(machine.classes_):
        table[:, classes.index(name)] = np.rint(machine.coef_[row] * UNIT)
    bias = np.full(len(classes), -UNIT, dtype=np.int64)
    for row, name in enumerate(machine.classes_):
        bias[classes.index(name)] = round(float(machine.intercept_[row]) * UNIT)
    kept = np.flatnonzero(np.abs(table).max(axis=1) >= _SMALLEST)
    index = {vectoriser.feature_names_[i]: n for n, i in enumerate(kept)}
    return Weights(classes, {**index, BIAS: len(index)}, np.vstack([table[kept], bias]))


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
