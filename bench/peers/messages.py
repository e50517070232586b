"""What every router is given: the same examples to learn from and the same messages to read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from growqr_rules import Example, Problem, RulesError, load_pack, read_examples

INDEPENDENT = Path(__file__).parents[2] / "fixtures" / "messages" / "independent.jsonl"
_AUTHORS = "dev_"
"""The examples of these files are by authors of their own; they are held out, half of the authors at a time."""
_CLINC_EXAMPLES = 30
"""Training examples per intent of CLINC150 that are used, of 100; and every third test message, to keep it short."""


@dataclass(frozen=True, slots=True)
class Task:
    """One fit and what is read after it."""

    name: str
    examples: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    """As examples, with the label that is to come out."""


def tasks(clinc: Path | None, every: int) -> list[Task]:
    """`dev 1` and `dev 2` (half of the authors each), `independent`, and `clinc` where its file is given.

    `every`: take every n-th example and message.
    """
    found = [*_own(), *([_clinc(clinc)] if clinc else [])]
    return [Task(task.name, task.examples[::every], task.messages[::every]) for task in found]


def _own() -> list[Task]:
    pack = load_pack()
    own = [_row(group, example) for group, example in pack.examples()]
    authors = sorted({row["source"] for row in own if row["source"].startswith(_AUTHORS)})
    halves = [set(authors[0::2]), set(authors[1::2])]
    found = [
        Task(
            f"dev {n}",
            [row for row in own if row["source"] not in held],
            [row for row in own if row["source"] in held],
        )
        for n, held in enumerate(halves, 1)
    ]
    return [*found, Task("independent", own, _independent())]


def routes() -> dict[str, str]:
    """Label -> route."""
    pack = load_pack()
    return {name: pack.route_of(name) for name in pack.classes}


def _independent() -> list[dict[str, Any]]:
    problems: list[Problem] = []
    rows = [_row("independent", example) for example in read_examples(INDEPENDENT, problems)]
    if problems:
        raise RulesError(problems)
    return rows


def _row(source: str, example: Example) -> dict[str, Any]:
    return {
        "text": example.text,
        "state": example.context.state,
        "role": example.context.role,
        "slots": {name: value for name, value in example.slots.items() if isinstance(value, str)},
        "label": example.intent or example.route,
        "source": source,
    }


def _clinc(path: Path) -> Task:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    train = _limited(row for row in rows if row["split"] == "train")
    test = [row for row in rows if row["split"] == "test"][::3]
    return Task("clinc", [_outside(row) for row in train], [_outside(row) for row in test])


def _limited(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    kept = []
    for row in rows:
        seen[row["label"]] += 1
        if seen[row["label"]] <= _CLINC_EXAMPLES:
            kept.append(row)
    return kept


def _outside(row: dict[str, Any]) -> dict[str, Any]:
    return {"text": row["text"], "state": "", "role": "", "slots": {}, "label": row["label"], "source": "clinc"}
