"""How fast `growqr route --jsonl` and Ray Data are, in how much memory, and what a billion messages need.

    python bench/bulk.py [--messages N] [--no-ray]

The messages are the pack's examples, in their contexts, over and over. Each run is a process of its own; its start is
part of its time. CPU time and memory are those of the process and its workers, the memory of the largest one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "rules" / "growqr_rules" / "packs" / "interview_en" / "examples"
BILLION = 10**9
_ON_RAY = """
import sys
import ray.data
from growqr_app.ray import route_dataset
ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False)
ray.data.DataContext.get_current().enable_progress_bars = False
route_dataset(ray.data.read_text(sys.argv[1]), workers=2).drop_columns(["text"]).write_json(sys.argv[2])
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took."""

    clock: float
    cpu: float
    """Seconds, of the process and the workers it waited for."""
    megabytes: float


def main() -> None:
    """Measure, and size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--no-ray", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many = _messages(folder, options.messages // 10), _messages(folder, options.messages)
        start = _route(few, folder / "few.out", 1)
        one = _route(many, folder / "one.out", 1)
        two = _route(many, folder / "two.out", 2)
        _tell("1 worker, a tenth", options.messages // 10, start)
        _tell("1 worker", options.messages, one)
        _tell("2 workers", options.messages, two)
        if not options.no_ray:
            _tell(
                "Ray Data, 2 workers",
                options.messages,
                _run([sys.executable, "-W", "ignore", "-c", _ON_RAY, str(many), str(folder / "ray")]),
            )
        rate = (options.messages - options.messages // 10) / (one.cpu - start.cpu)
        _size(rate, many.stat().st_size / options.messages, (folder / "one.out").stat().st_size / options.messages)
    print(f"load average {os.getloadavg()[0]:.1f} at the end, {os.cpu_count()} cores")


def _messages(folder: Path, number: int) -> Path:
    lines = (json.loads(line) for file in sorted(EXAMPLES.glob("*.jsonl")) for line in file.open(encoding="utf-8"))
    rows = itertools.islice(itertools.cycle(lines), number)
    path = folder / f"{number}.jsonl"
    kept = (json.dumps({"id": n, "text": row["text"], "context": row["context"]}) for n, row in enumerate(rows))
    path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    return path


def _route(source: Path, output: Path, workers: int) -> Run:
    growqr = str(Path(sys.executable).with_name("growqr"))
    return _run([growqr, "route", "--jsonl", str(source), "--output", str(output), "--workers", str(workers)])


def _run(command: list[str]) -> Run:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stderr=said)  # noqa: S603 - the command is this bench's own
        _, status, used = os.wait4(process.pid, 0)
        clock = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if process.returncode:
            raise RuntimeError(said.read().decode(errors="replace")[-2000:])
    return Run(clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _tell(name: str, messages: int, run: Run) -> None:
    print(
        f"{name:20} {messages:8,} messages in {run.clock:6.1f} s: {messages / run.clock:6,.0f}/s; "
        f"{run.cpu:6.1f} s of CPU, at most {run.megabytes:4.0f} MB a process"
    )


def _size(rate: float, read: float, written: float) -> None:
    """`rate`: messages per second of CPU; `read`, `written`: bytes per message."""
    hours = BILLION / rate / 3600
    print(f"{rate:,.0f} messages per second of CPU, without the start; {read:.0f} bytes in and {written:.0f} out each")
    print(
        f"a billion messages: {hours:,.0f} core hours, {BILLION * written / 1e12:.2f} TB of answers; on so many cores:"
    )
    for cores in (16, 64, 256):
        print(f"  {cores:4} cores: {hours / cores:6.1f} hours, {cores * rate * written / 1e6:6.1f} MB/s written")


if __name__ == "__main__":
    main()
