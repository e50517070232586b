"""What the commands show on a terminal. Text from outside is never read as markup or as control codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from growqr_router import Decision, Evidence

if TYPE_CHECKING:  # `growqr route` needs no HTTP client
    from growqr_workflows import CallRecord

_WIDTH = 100
_BAR = 12
_WHY_TERMS = 4
_EVIDENCE_TERMS = 14
_ROUTE_STYLES = {
    "interview": "bold cyan",
    "resume": "bold magenta",
    "roleplay": "bold yellow",
    "qscore": "bold blue",
    "general": "bold white",
}
_HTTP_GOOD, _HTTP_BAD = 200, 400


def console(*, stderr: bool = False) -> Console:
    """A console that is never wider than reads well; where there is no terminal, as wide as that."""
    made = Console(stderr=stderr, highlight=False)
    made.width = min(made.width, _WIDTH) if made.is_terminal else _WIDTH
    return made


def clean(text: str) -> str:
    """`text` with each control character but line feed and tab shown as a replacement character."""
    return "".join("\ufffd" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)


def banner(title: str, text: str) -> RenderableType:
    """The first line of a command that goes on for a while."""
    return Text.assemble(("growqr ", "bold cyan"), (title, "bold"), " · ", clean(text), "\n")


def facts(rows: Mapping[str, str]) -> RenderableType:
    """Labels and what they stand for."""
    table = _facts()
    for label, value in rows.items():
        table.add_row(label, Text(clean(value)))
    return table


def message(number: int, text: str, *, who: str = "you") -> RenderableType:
    """What came in: a message, or an event of the client."""
    return Panel(Text(clean(text)), title=f"{number} · {who}", title_align="left", border_style="blue", box=box.ROUNDED)


def event(number: int, text: str, heard: str | None) -> RenderableType:
    """What happened outside the conversation, such as a WebSocket that opened, and what was `heard` on it."""
    body = Text(clean(text))
    if heard:
        body.append(f"\n“{clean(heard)}”", style="italic")
    return Panel(body, title=f"{number} · event", title_align="left", border_style="magenta", box=box.ROUNDED)


def turn(
    decision: Decision | None, text: str, calls: Sequence[CallRecord], states: Sequence[str], step: tuple[str, str]
) -> RenderableType:
    """One turn's inner life: decision, slots, why, service calls, and the `step` among all `states`."""
    table = _facts()
    if decision is not None:
        for label, value in _decision_facts(decision, text):
            table.add_row(label, value)
    for index, call in enumerate(calls):
        table.add_row("service" if index == 0 else "", _call(call))
    if not calls:
        table.add_row("service", Text("not called", style="dim"))
    table.add_row("state", _states(states, *step))
    return Padding(table, (0, 0, 0, 2))


def reply(text: str) -> RenderableType:
    """What the agent answers."""
    return Panel(Text(clean(text)), title="agent", title_align="left", border_style="green", box=box.ROUNDED)


def why(decision: Decision, text: str) -> RenderableType:
    """A whole decision for people: facts, alternatives, and every term of the winning score."""
    facts = _facts()
    for label, value in _decision_facts(decision, text, terms=0):
        facts.add_row(label, value)
    facts.add_row("decided by", Text(f"{decision.stage} ({decision.reason})"))
    if decision.cues:
        facts.add_row("cues", Text(", ".join(decision.cues)))
    facts.add_row("rules", Text(f"{decision.pack.name} {decision.pack.version} ({decision.pack.hash})", style="dim"))
    return Group(facts, *_evidence(decision, text), *_alternatives(decision))


def _facts() -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True, min_width=10)
    table.add_column(overflow="fold")
    return table


def _decision_facts(decision: Decision, text: str, *, terms: int = _WHY_TERMS) -> Iterable[tuple[str, Text]]:
    head = Text.assemble(_ask(decision.route, decision.intent), "  ", _confidence(decision.confidence))
    if decision.abstained:
        head.append("  abstained", style="yellow")
    yield "decision", head
    if decision.slots:
        yield "slots", _slots(decision)
    if decision.also:
        yield "also", Text(", ").join(_ask(ask.route, ask.intent) for ask in decision.also)
    if terms:
        yield "why", _why_line(decision, text, terms)


def _ask(route: str, intent: str | None) -> Text:
    asked = Text(route, style=_ROUTE_STYLES.get(route, "bold"))
    return asked.append(f" / {intent}", style="bold") if intent else asked


def _confidence(value: float) -> Text:
    filled = round(value * _BAR)
    return Text.assemble(("━" * filled, "green"), ("╌" * (_BAR - filled), "dim"), f" {value:.0%}")


def _slots(decision: Decision) -> Text:
    parts = []
    for name, value in decision.slots.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        part = Text.assemble((name, "dim"), " ", (_short(clean(shown)), "bold"))
        spans = decision.spans.get(name, ())
        if spans and spans[0].requested is not None:
            part.append(f" (asked for {spans[0].requested})", style="yellow")
        parts.append(part)
    return Text("  ·  ", style="dim").join(parts)


def _short(text: str, limit: int = 60) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else one_line[: limit - 1] + "…"


def _why_line(decision: Decision, text: str, terms: int) -> Text:
    """How it was decided, and the strongest words for it: for each piece of the message its strongest term."""
    line = Text(f"{decision.stage} ({decision.reason})")
    found: dict[str, Evidence] = {}
    for term in sorted(decision.evidence, key=lambda term: (-term.weight, term.rule)):
        if term.span and term.weight > 0:
            found.setdefault(_short(clean(text[slice(*term.span)]), 30), term)
    for words, term in list(found.items())[:terms]:
        line.append("  ·  ", style="dim")
        line.append(f"“{words}”", style="italic")
        line.append(f" {term.rule} {term.weight:+d}", style="dim")
    return line


def _evidence(decision: Decision, text: str) -> Iterable[RenderableType]:
    if not decision.evidence:
        return
    table = Table(box=box.SIMPLE_HEAD, title="Evidence", title_justify="left", title_style="bold")
    table.add_column("weight", justify="right")
    table.add_column("rule", overflow="fold")
    table.add_column("found in the message", overflow="fold")
    terms = sorted(decision.evidence, key=lambda term: (-abs(term.weight), term.rule))
    for term in terms[:_EVIDENCE_TERMS]:
        found = Text(clean(text[slice(*term.span)]), style="italic") if term.span else Text("(context)", style="dim")
        table.add_row(f"{term.weight:+d}", Text(term.rule), found)
    if len(terms) > _EVIDENCE_TERMS:
        smaller = terms[_EVIDENCE_TERMS:]
        table.add_row(f"{sum(term.weight for term in smaller):+d}", Text(f"{len(smaller)} smaller terms", style="dim"))
    yield table


def _alternatives(decision: Decision) -> Iterable[RenderableType]:
    if not decision.alternatives:
        return
    table = Table(box=box.SIMPLE_HEAD, title="Other readings", title_justify="left", title_style="bold")
    table.add_column("reading")
    table.add_column("confidence")
    for other in decision.alternatives:
        table.add_row(_ask(other.route, other.intent), _confidence(other.confidence))
    yield table


def _call(call: CallRecord) -> Text:
    status = str(call.status) if call.status is not None else call.outcome
    good = call.status is not None and _HTTP_GOOD <= call.status < _HTTP_BAD
    line = Text.assemble(
        (call.method, "bold"), f" {clean(call.path)}  ", (status, "green" if good else "bold red"),
        (f"  {call.milliseconds:.0f} ms", "dim"),
    )  # fmt: skip
    if call.attempts > 1:
        line.append(f"  {call.attempts} attempts", style="yellow")
    return line


def _states(states: Sequence[str], before: str, after: str) -> Text:
    """The path through the states; the current one stands in brackets, so that it shows without colours too."""
    shown = [Text(f"[{state}]", style="bold green") if state == after else Text(state, style="dim") for state in states]
    line = Text(" ─ ", style="dim").join(shown)
    if before != after:
        line.append(f"   {before} → {after}", style="green")
    return line
