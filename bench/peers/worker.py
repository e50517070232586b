"""Runs inside a router's own environment: fits it, or lets it read messages and takes the time.

    python worker.py fit MODULE < {"jobs": [{"examples": [...], "model": PATH}]} > {"seconds": [...]}
    python worker.py read MODULE MODEL STARTED < {"warm": [...], "messages": [...]} > {"labels": [...], ...}

An example is `{text, state, role, slots, label, source}`, a message `{text, state, role}`. MODULE is one of `routers/`:
it has `fit(examples) -> model`; a model can be pickled, has `read(message) -> label`, perhaps `read_many(messages)`.
STARTED is the time at which this process was started, in seconds since the epoch.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import resource
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any


def main() -> None:
    """Answer on standard output; whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    verb, name, *rest = sys.argv[1:]
    asked = json.load(sys.stdin)
    router = importlib.import_module(f"routers.{name}")
    answer = _fit(router, asked["jobs"]) if verb == "fit" else _read(Path(rest[0]), float(rest[1]), asked)
    json.dump(answer, answers)


def _fit(router: ModuleType, jobs: list[dict[str, Any]]) -> dict[str, Any]:
    seconds = []
    for job in jobs:
        started = time.perf_counter()
        model = router.fit(job["examples"])
        seconds.append(time.perf_counter() - started)
        Path(job["model"]).write_bytes(pickle.dumps(model))
    return {"seconds": seconds}


def _read(path: Path, started: float, asked: dict[str, Any]) -> dict[str, Any]:
    model = pickle.loads(path.read_bytes())  # noqa: S301 - written by the run that started this process
    warm, messages = asked["warm"], asked["messages"]
    model.read(warm[0])
    ready = time.time() - started
    if not messages:
        return {"ready": ready, "megabytes": _peak()}
    for message in warm:
        model.read(message)
    labels, micros = [], []
    for message in messages:
        begun = time.perf_counter_ns()
        labels.append(model.read(message))
        micros.append((time.perf_counter_ns() - begun) / 1000)
    seconds = sum(micros) / 1e6
    if hasattr(model, "read_many"):
        begun = time.perf_counter()
        model.read_many(messages)
        seconds = time.perf_counter() - begun
    rate = len(messages) / seconds
    return {"labels": labels, "micros": micros, "rate": rate, "ready": ready, "megabytes": _peak()}


def _peak() -> float:
    """The most memory that this process held; `getrusage` would count its parent's too where the kernel tells more."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
