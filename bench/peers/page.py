"""What the bench writes: a table, what is better than growqr, a plot."""

from __future__ import annotations

import json
import math
import os
import platform
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from messages import Task

OURS = "growqr"
_HEADING = "## Beside other routers\n"
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 720, 420, 60, 50, 20, 40


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured of one router."""

    title: str
    versions: str
    accuracy: dict[str, tuple[float, float]]
    """Kind of message -> shares of right routes and right intents."""
    micros: list[float]
    """Of every held-out message, in order of size."""
    rate: float
    """Messages per second, many at once."""
    ready: float
    """Seconds from the start of the process to the first answer."""
    megabytes: float
    """Most memory, with the model loaded."""
    installed: float
    """Megabytes on disk."""
    fitted: float
    """Seconds to fit to all examples."""

    @property
    def median(self) -> float:
        """Microseconds."""
        return self.micros[len(self.micros) // 2]

    @property
    def p99(self) -> float:
        """Microseconds that 99 of 100 messages stay below."""
        return self.micros[math.ceil(len(self.micros) * 0.99) - 1]

    def told(self) -> str:
        """In one line."""
        route, intent = self.accuracy["dev"]
        return f"route {route:.1%}, intent {intent:.1%}, median {self.median:.0f} us"


_LESS_IS_BETTER = (
    ("median latency", lambda r: r.median),
    ("99th percentile of the latency", lambda r: r.p99),
    ("start-up", lambda r: r.ready),
    ("memory", lambda r: r.megabytes),
    ("installed size", lambda r: r.installed),
)


def write(path: Path, results: list[Result], failed: dict[str, str], todo: list[Task], every: int) -> None:
    """Write the last section of a page, and beside it the plot and the figures; `every`: each n-th message was taken.

    What the page has before the section's heading stays.
    """
    ours = next((result for result in results if result.title == OURS), None)
    parts = [_head(todo, every), _accuracy(results), _speed(results, ours), _better(results, ours), _failures(failed)]
    plot = path.with_name("peers.svg")
    parts.append(f"![Accuracy against latency]({plot.name})\n")
    before = path.read_text(encoding="utf-8").partition(_HEADING)[0] if path.exists() else ""
    path.write_text(before + "\n".join(part for part in parts if part), encoding="utf-8")
    plot.write_text(_plot(results), encoding="utf-8")
    kept = [{**asdict(r), "micros": None, "median": r.median, "p99": r.p99} for r in results]
    figures = {"machine": _machine(), "results": kept, "failed": failed}
    plot.with_suffix(".json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def section(path: Path) -> str:
    """What `write` wrote."""
    _, heading, rest = path.read_text(encoding="utf-8").partition(_HEADING)
    return heading + rest


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        cpu = names[0] if names else cpu
    busy = f"load average {os.getloadavg()[0]:.1f} at the end"
    return f"{cpu}, {os.cpu_count()} cores, {busy}, Python {platform.python_version()}, {platform.system()}"


def _head(todo: list[Task], every: int) -> str:
    sizes = {task.name: (len(task.examples), len(task.messages)) for task in todo}
    held = sum(messages for name, (_, messages) in sizes.items() if name.startswith("dev"))
    clinc = (
        f"- **clinc**: CLINC150, {sizes['clinc'][0]:,} training examples (at most 30 per intent), "
        f"{sizes['clinc'][1]:,} test messages, in scope.\n" if "clinc" in sizes else ""
    )  # fmt: skip
    command = "make bench" if every == 1 else f"python bench/peers/run.py --every {every}"
    part = (
        ""
        if every == 1
        else f"\nOnly every {every}th example and message was taken: what is learnt is less than it could be.\n"
    )
    return f"""{_HEADING}Written by `{command}` on: {_machine()}.
{part}
Every router has a virtual environment and a process of its own, one thread, and learns from the same examples.

- **dev**: {held:,} messages by eight authors, who are held out four at a time (two fits). growqr's rules were
  written by people who had read them, which flatters it here.
- **independent**: {sizes["independent"][1]} messages by an author whose messages nobody learns from, after fitting to
  all {sizes["independent"][0]:,} examples.
{clinc}
A message that a router does not answer counts as `general`. Every router gets state and role of the
conversation in the way that suits it (`bench/peers/routers/`). Only growqr fills slots and gives evidence; its time
includes both.
"""


def _accuracy(results: list[Result]) -> str:
    kinds = list(dict.fromkeys(kind for result in results for kind in result.accuracy))
    columns = [
        f"{kind}: {what}" for kind in kinds for what in (("intent",) if kind == "clinc" else ("route", "intent"))
    ]
    rows = [
        [
            r.title,
            *(f"{x:.1%}" for kind in kinds for x in (r.accuracy[kind][1:] if kind == "clinc" else r.accuracy[kind])),
        ]
        for r in results
    ]
    return "### Accuracy\n" + _table(["router", *columns], rows)


def _speed(results: list[Result], ours: Result | None) -> str:
    def cell(figure: float, own: float | None, form: str) -> str:
        return form.format(figure) + (f" (x{_ratio(figure / own)})" if own and figure != own else "")

    rows = [
        [
            f"{r.title} ({r.versions})",
            cell(r.median, ours and ours.median, "{:,.0f} us"),
            cell(r.p99, ours and ours.p99, "{:,.0f} us"),
            cell(r.rate, ours and ours.rate, "{:,.0f}"),
            cell(r.ready, ours and ours.ready, "{:.2f} s"),
            cell(r.megabytes, ours and ours.megabytes, "{:,.0f} MB"),
            cell(r.installed, ours and ours.installed, "{:,.0f} MB"),
            f"{r.fitted:.0f} s" if r.fitted >= 1 else "-",
        ]
        for r in results
    ]
    columns = ["router", "median", "p99", "messages/s", "start-up", "memory", "installed", "fit"]
    note = """In brackets: times growqr's figure. Latency: one message after the other, the held-out dev messages.
Messages/s: many at once, where a router can. Start-up: from a new process to the first answer, the model loaded from
disk. Memory: the most that this process held. Installed: all packages but those that only fitting needs.
growqr ships fitted.
"""
    return "### Speed and size\n" + _table(columns, rows) + "\n" + note


def _ratio(x: float) -> str:
    return f"{x:.2g}" if x < 10 else f"{x:,.0f}"


def _better(results: list[Result], ours: Result | None) -> str:
    if ours is None:
        return ""
    lines = []
    for peer in results:
        if peer is ours:
            continue
        better = [name for name, figure in _LESS_IS_BETTER if figure(peer) < figure(ours)]
        better += ["messages/s"] if peer.rate > ours.rate else []
        better += [
            f"{what} on {kind}"
            for kind, shares in peer.accuracy.items()
            for what, theirs, own in zip(("routes", "intents"), shares, ours.accuracy[kind], strict=True)
            if theirs > own and (kind, what) != ("clinc", "routes")
        ]
        lines.append(f"- {peer.title}: {', '.join(better) or 'in nothing'}.")
    return "### Where another router is better than growqr\n" + "\n".join(lines) + "\n"


def _failures(failed: dict[str, str]) -> str:
    if not failed:
        return ""
    return "### Not measured\n" + "\n".join(f"- {title}: {reason}" for title, reason in failed.items()) + "\n"


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (columns, ["---"] * len(columns), *rows)]
    return "\n".join(lines) + "\n"


def _plot(results: list[Result]) -> str:
    """Intent accuracy on the held-out messages over the median latency, on a logarithmic axis."""
    if not results:
        return '<svg xmlns="http://www.w3.org/2000/svg"/>\n'
    exponents = [math.log10(r.median) for r in results]
    low, high = math.floor(min(exponents)), math.ceil(max(exponents))

    def x(micros: float) -> float:
        return _LEFT + (math.log10(micros) - low) / max(high - low, 1) * (_WIDTH - _LEFT - _RIGHT)

    def y(share: float) -> float:
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _TOP)

    marks = [
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(n / 5):.0f}" y2="{y(n / 5):.0f}" stroke="#ddd"/>'
        f'<text x="{_LEFT - 8}" y="{y(n / 5) + 4:.0f}" text-anchor="end">{n * 20} %</text>'
        for n in range(6)
    ]
    marks += [
        f'<text x="{x(10**e):.0f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{_time(10**e)}</text>'
        for e in range(low, high + 1)
    ]
    for r in results:
        across, up, right = x(r.median), y(r.accuracy["dev"][1]), x(r.median) > _WIDTH * 0.6
        colour = "#0a5" if r.title == OURS else "#357"
        marks.append(f'<circle cx="{across:.0f}" cy="{up:.0f}" r="6" fill="{colour}"/>')
        anchor, shift = ("end", -10) if right else ("start", 10)
        marks.append(f'<text x="{across + shift:.0f}" y="{up + 4:.0f}" text-anchor="{anchor}">{escape(r.title)}</text>')
    title = "Intents right on held-out messages, over the median time per message"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(marks)}'
        f'<text x="{_WIDTH / 2:.0f}" y="{_HEIGHT - 8}" text-anchor="middle">{title}</text></svg>\n'
    )


def _time(micros: float) -> str:
    if micros >= 1000:
        return f"{micros / 1000:,.0f} ms"
    return f"{micros:,.0f} us"
