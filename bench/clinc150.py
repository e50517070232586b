"""CLINC150 by its protocol: fit on `train`, set the threshold on `val`, report on `test`; beside a trained linear SVM.

    python bench/clinc150.py PATH/clinc150_full.jsonl [--limit N] [--no-svm]

Needs the extra `[build]`. The threshold is the one that maximises accuracy over val + oos_val, as in the paper.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from growqr_router import Router
from growqr_testkit.typos import typo

OUT_OF_SCOPE = "oos"
Read = Callable[[str], tuple[str, float]]
Rows = list[tuple[str, str]]


def main() -> None:
    """Fit, measure and print one line per router."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="at most so many training examples per intent")
    parser.add_argument("--no-svm", action="store_true")
    options = parser.parse_args()
    splits: dict[str, Rows] = {}
    for line in options.path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        splits.setdefault(row["split"], []).append((row["text"], row["label"]))
    train = _limited(splits["train"], options.limit)
    report("growqr", *_timed(lambda: _growqr(train)), splits)
    if not options.no_svm:
        report("TF-IDF words + chars, linear SVM", *_timed(lambda: _svm(train)), splits)


def _growqr(train: Rows) -> Read:
    router = Router.from_examples(train)

    def read(text: str) -> tuple[str, float]:
        decision = router.route(text)
        return decision.route, decision.confidence

    return read


def _svm(train: Rows) -> Read:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, letters), LinearSVC(C=1.0, random_state=0))
    model.fit([text for text, _ in train], [label for _, label in train])
    labels = list(model[-1].classes_)

    def read(text: str) -> tuple[str, float]:
        scores = model.decision_function([text])[0]
        return labels[int(np.argmax(scores))], float(np.max(scores))

    return read


def report(name: str, read: Read, seconds: float, splits: dict[str, Rows]) -> None:
    """Print in-scope accuracy, out-of-scope recall and precision, and what a typo per message costs."""
    val, test = _read_all(read, splits["val"]), _read_all(read, splits["test"])
    oos_val, oos_test = _read_all(read, splits["oos_val"]), _read_all(read, splits["oos_test"])
    threshold = _best_threshold(val, oos_val)
    plain = _accuracy(test)
    rng = random.Random(20_250_101)  # noqa: S311 - typos, not secrets
    started = time.perf_counter()
    typed = _accuracy(_read_all(read, [(typo(text, rng), label) for text, label in splits["test"]]))
    micros = (time.perf_counter() - started) / len(splits["test"]) * 1e6
    kept_out = sum(confidence < threshold for _, _, confidence in oos_test)
    lost = sum(confidence < threshold for _, _, confidence in test)
    in_scope = sum(got == label and confidence >= threshold for label, got, confidence in test) / len(test)
    print(
        f"{name}: in-scope {plain:.1%} ({in_scope:.1%} with the threshold), out-of-scope recall "
        f"{kept_out / len(oos_test):.1%} precision {kept_out / max(kept_out + lost, 1):.1%}, one typo per message "
        f"{100 * (typed - plain):+.1f} points, fitted in {seconds:.0f} s, {micros:.0f} us per message"
    )


def _best_threshold(val: Sequence[tuple[str, str, float]], oos: Sequence[tuple[str, str, float]]) -> float:
    rows = sorted([(c, got == label, False) for label, got, c in val] + [(c, False, True) for _, _, c in oos])
    right = sum(hit for _, hit, _ in rows)
    best, threshold = right, 0.0
    for i, (confidence, hit, out) in enumerate(rows):
        right += int(out) - int(hit)
        tied = i + 1 < len(rows) and rows[i + 1][0] == confidence
        if right > best and not tied:
            best, threshold = right, np.nextafter(confidence, 2)
    return float(threshold)


def _read_all(read: Read, rows: Rows) -> list[tuple[str, str, float]]:
    return [(label, *read(text)) for text, label in rows]


def _accuracy(rows: Sequence[tuple[str, str, float]]) -> float:
    return sum(got == label for label, got, _ in rows) / len(rows)


def _limited(train: Rows, limit: int) -> Rows:
    seen: dict[str, int] = {}
    kept = []
    for text, label in train:
        seen[label] = seen.get(label, 0) + 1
        if not limit or seen[label] <= limit:
            kept.append((text, label))
    return kept


def _timed(make: Callable[[], Read]) -> tuple[Read, float]:
    started = time.perf_counter()
    made = make()
    return made, time.perf_counter() - started


if __name__ == "__main__":
    main()
