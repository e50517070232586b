"""What a decision costs: latency, messages per second, start-up and memory, beside what spaCy alone takes to start.

    python bench/latency.py [--runs N] [--messages FILE.jsonl] [--stages]

Each run is a process of its own; the medians of all runs are printed. Messages of 18 to 22 words, the full router with
slots, one thread; no message is timed twice, none is one of the pack's examples (the end of each is that of another),
and the router has read others before. `evidence` is made when somebody looks at it, so `with to_json()` is given too.
Growth is told as a ratio within one process. `--stages` tells what each stage takes of a message instead, without its
second asks.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median

from growqr_router import Router
from growqr_router.learned import Learned
from growqr_router.neighbours import Neighbours

_SPACY = "import time; t = time.perf_counter(); import spacy; spacy.blank('en'); print(time.perf_counter() - t)"
_FIRST = (
    "import time; t = time.perf_counter(); from growqr_router import Router; "
    "Router.default().route('prep me for a nurse interview'); print(time.perf_counter() - t)"
)
_WARM, _TIMED = 3000, 2000
_MICRO = 1e6


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--messages", type=Path, help="JSONL with `text`; default: new ones of the pack's words")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--stages", action="store_true", help="what each stage takes")
    options = parser.parse_args()
    if options.stages:
        for name, micros in _stages(options.messages).items():
            print(f"{name:45} {micros:10.1f}")
        return
    if options.one:
        sys.stdout.write(json.dumps(_measured(options.messages)) + "\n")
        return
    again = [__file__, "--one", *(["--messages", str(options.messages)] if options.messages else [])]
    runs = []
    for _ in range(options.runs):
        run = json.loads(_python(*again))
        run["start: import spacy, blank('en'), s"] = float(_python("-c", _SPACY))
        run["start: first decision, s"] = float(_python("-c", _FIRST))
        runs.append(run)
    for name in runs[0]:
        print(f"{name:45} {median(run[name] for run in runs):10.3f}")
    ratio = median(r["start: first decision, s"] / r["start: import spacy, blank('en'), s"] for r in runs)
    print(f"{'start: first decision / spaCy':45} {ratio:10.3f}")


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)  # noqa: S603 - itself
    return done.stdout.strip().splitlines()[-1]


def _measured(path: Path | None) -> dict[str, float]:
    router = Router.default()
    texts = _texts(router, path)
    for text in texts[_TIMED:]:
        router.route(text).to_json()
    plain = sorted(_seconds(router.route, text) for text in texts[:_TIMED])
    start = time.perf_counter()
    router.route_batch(texts[:_TIMED])
    batch = time.perf_counter() - start
    told = sorted(_seconds(lambda text: router.route(text).to_json(), text) for text in texts[:_TIMED])
    measured = {
        "route: median, us": median(plain) * _MICRO,
        "route: p99, us": plain[int(len(plain) * 0.99)] * _MICRO,
        "route and to_json(): median, us": median(told) * _MICRO,
        "route_batch: messages/s": len(texts[:_TIMED]) / batch,
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    return measured | _growth(router, texts[:300])


def _texts(router: Router, path: Path | None) -> list[str]:
    if path is not None:
        texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    else:
        texts = sorted(text for text in _said(router) if 18 <= len(text.split()) <= 22)
    random.Random(1).shuffle(texts)  # noqa: S311 - an order, the same each time
    if path is None:
        texts = [_crossed(text, other) for text, other in pairwise(texts)]
    return texts[: _TIMED + _WARM]


def _crossed(text: str, other: str) -> str:
    """A message nobody said: the first two thirds of one, the end of another."""
    return " ".join([*text.split()[:13], *other.split()[13:]])


def _said(router: Router) -> Iterator[str]:
    """The pack's examples, read without keeping them: they would count as memory of the router."""
    for path in sorted((router.pack.folder or Path()).glob("examples/*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines if line.strip())


def _seconds(route: Callable[[str], object], text: str) -> float:
    start = time.perf_counter()
    route(text)
    return time.perf_counter() - start


def _stages(path: Path | None) -> dict[str, float]:
    """Median microseconds of each stage, each message at its quickest of five, all messages in turn."""
    router = Router.default()
    texts = _texts(router, path)[:1000]
    least: dict[str, list[float]] = {}
    for _ in range(5):
        for i, text in enumerate(texts):
            for name, seconds in _staged(router, text):
                times = least.setdefault(name, [1.0] * len(texts))
                times[i] = min(times[i], seconds)
    return {name: median(times) * _MICRO for name, times in least.items()}


def _staged(router: Router, text: str) -> Iterator[tuple[str, float]]:
    start = time.perf_counter()
    reading = router.begin(text)
    yield "tokenise", time.perf_counter() - start
    for stage in router.stages:
        start = time.perf_counter()
        stage(reading)
        yield type(stage).__name__, time.perf_counter() - start
    start = time.perf_counter()
    router.decide(reading)
    yield "decide", time.perf_counter() - start


def _growth(router: Router, texts: Sequence[str]) -> dict[str, float]:
    """Cost per message with more of everything, as a multiple of what it was."""
    pack = router.pack
    learned = Learned.read(pack)
    more = {
        name: concept.model_copy(update={"phrases": [*concept.phrases, *_variants(concept.phrases, 100)]})
        for name, concept in pack.concepts.items()
    }
    shuffled = random.Random(2)  # noqa: S311 - the same each time
    words = {name: [w for e in learned.neighbours.examples if e.name == name for w in e.words] for name in pack.classes}
    examples = [
        example._replace(words=tuple(shuffled.choices(words[example.name], k=len(example.words))))
        for _ in range(9)
        for example in learned.neighbours.examples
    ]
    grown = replace(learned, neighbours=Neighbours([*learned.neighbours.examples, *examples]))
    before = _least(router, texts)
    long = [" ".join(texts[i : i + 10]) for i in range(0, 100, 10)]
    short = [" ".join(texts[i : i + 2]) for i in range(0, 100, 2)]
    return {
        "growth: 100 times the phrases, x": _least(Router(replace(pack, concepts=more), learned), texts) / before,
        "growth: 10 times the examples, x": _least(Router(pack, grown), texts) / before,
        "growth: 5 times the length, x": (_least(router, long) / len(long)) / (_least(router, short) / len(short)),
    }


def _variants(phrases: Sequence[str], times: int) -> list[str]:
    return [f"{phrase} variant{n}" for phrase in phrases for n in range(times - 1)]


def _least(router: Router, texts: Sequence[str]) -> float:
    """Seconds for all texts, each at its quickest of five."""
    return sum(min(_seconds(router.route, text) for _ in range(5)) for text in texts)


if __name__ == "__main__":
    main()
