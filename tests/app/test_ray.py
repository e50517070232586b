"""The router on a local Ray of two workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from growqr_router import Context, Router

pytest.importorskip("ray", reason="needs the extra [ray]: pip install 'growqr-interview-agent[ray]'")

TEXTS = ("mock interview for a nurse, 20 minutes", "fix my resume", "yes", "café démarche 🙂", "make it harder")
CONTEXTS = ({}, {"state": "draft"}, {"state": "approved", "role": "admin"}, {"state": "draft", "draft": {"n": 1}})
SCRIPT = """
import json, sys
import ray.data
from growqr_app.ray import route_dataset
ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False)
ray.data.DataContext.get_current().enable_progress_bars = False
lines = ray.data.read_text(sys.argv[1]).repartition(4)
json.dump([row["answer"] for row in route_dataset(lines, workers=2, batch_size=8).take_all()], sys.stdout)
"""


def on_ray(path):
    """The answers to a file's lines, by id; a process of its own, since Ray leaves threads and sockets to the end."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONWARNINGS": "ignore"},
    )
    assert done.returncode == 0, done.stderr
    answers = map(json.loads, json.loads(done.stdout.splitlines()[-1]))
    return {answer.pop("id"): answer for answer in answers}


@pytest.mark.slow
def test_two_workers_decide_as_route_batch_does_and_tell_what_cannot_be_used(tmp_path):
    messages = [(text, context) for text in TEXTS for context in CONTEXTS]
    rows = [{"id": n, "text": text, "context": context} for n, (text, context) in enumerate(messages)]
    bad = {"id": "bad", "text": "yes", "context": {"state": "open"}}
    path = tmp_path / "messages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, bad]), encoding="utf-8")

    found = on_ray(path)

    assert found.pop("bad")["error"]["code"] == "bad_context"
    expected = Router.default().route_batch((text, Context(**context)) for text, context in messages)
    assert found == {n: json.loads(decision.to_json()) for n, decision in enumerate(expected)}
