"""JSONL lines routed on Ray Data, over as many machines as a cluster has (extra `[ray]`)."""

from __future__ import annotations

from typing import Any

import ray.data

from growqr_app.lines import route_line
from growqr_router import Router

Batch = dict[str, Any]
"""Column -> array of the values of the batch's rows."""


def route_dataset(lines: ray.data.Dataset, *, workers: int, batch_size: int = 4096) -> ray.data.Dataset:
    """Add a column `answer` beside each line: what `growqr route --jsonl` writes for it.

    Lazy, as every dataset. Ray keeps the order of the rows only where `DataContext.execution_options.preserve_order`
    asks for it: a key of the line, such as an id, comes back in its answer. An error tells no line number.

    Args:
        lines: with a column `text` that holds one JSON object per row, as `ray.data.read_text` gives it.
        workers: at most so many processes of one core each; each loads the router once. Reading needs a core too.
        batch_size: rows that a worker takes at a time.
    """
    # A pool of fixed size would wait for ever where it leaves no core to read the lines with.
    strategy = ray.data.ActorPoolStrategy(min_size=1, max_size=workers)
    return lines.map_batches(_Worker, batch_size=batch_size, batch_format="numpy", compute=strategy, num_cpus=1)


class _Worker:
    """Holds a router for as long as the dataset runs."""

    def __init__(self) -> None:
        self._router = Router.default()

    def __call__(self, batch: Batch) -> Batch:
        answers = [route_line(line.encode("utf-8", "surrogatepass"), self._router).decode() for line in batch["text"]]
        return {**batch, "answer": answers}
