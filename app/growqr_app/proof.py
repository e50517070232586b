"""`growqr golden coverage` and `growqr golden mutate`: what goldens reach, and whether they notice a broken rule."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from growqr_app import show
from growqr_app.errors import EXIT_DIFFERS, UserError
from growqr_router import Router
from growqr_rules import DEFAULT_PACK, Example, Places, Problem, RulesError, load_pack, read_examples
from growqr_testkit import coverage, mutation
from growqr_testkit.floor import below, read_floor
from growqr_testkit.golden import GoldenResult, Player, load_goldens


def cover_goldens(
    paths: Sequence[Path],
    messages: Sequence[Path],
    *,
    pack: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    floor: Path | None,
) -> int:
    """Play the goldens of `paths` and print what they and the labelled `messages` reach of the pack.

    Returns:
        0, or 1 where a figure is below that of `floor` or a golden does not hold.

    Raises:
        RulesError: a file cannot be used.
    """
    goldens, examples = load_goldens(paths), labelled(messages)
    wanted = read_floor(floor).coverage if floor else {}
    router = _router(pack)
    results: list[GoldenResult] = []
    with Player(router) as player, _progress() as progress:
        results.extend(progress.track(player.play_all(goldens), total=len(goldens), description="playing"))
    found = coverage.cover(router, places_of(pack), results, examples)
    _write(json_file, coverage.to_json(found))
    if html_file is not None:
        html_file.write_text(coverage.to_html(found, router.pack), encoding="utf-8")
    sys.stdout.write(coverage.to_text(found) + "\n")
    differing = [f"{r.golden.name} does not hold" for r in results if not r.passed]
    return _fail([*differing, *(below(floor, wanted, found.figures()) if floor else [])])


def mutate_goldens(
    paths: Sequence[Path],
    messages: Sequence[Path],
    *,
    pack: Path | None,
    seed: int,
    budget: float | None,
    singles: int,
    json_file: Path | None,
    floor: Path | None,
) -> int:
    """Break the pack's rules one by one, in memory, and print what the goldens of `paths` did not notice.

    Returns:
        0, or 1 where the score is below that of `floor`.

    Raises:
        UserError: a golden does not hold as it is.
        RulesError: a file cannot be used.
    """
    goldens, examples = load_goldens(paths), labelled(messages)
    wanted = read_floor(floor).mutation if floor else None
    router, places = _router(pack), places_of(pack)
    mutants = mutation.choose(router.pack, seed=seed, singles=singles)
    with _progress() as progress:
        task = progress.add_task("playing", total=len(mutants))
        try:
            bench = mutation.Bench(router, goldens, examples)
        except mutation.NotHoldingError as error:
            raise UserError(f"{error}.") from error
        tell = _teller(progress, task)
        found = mutation.mutate(bench, mutants, budget=budget, tell=tell)
    _write(json_file, mutation.to_json(found, places))
    sys.stdout.write(mutation.to_text(found, places) + "\n")
    return _fail(below(floor, {"mutation": wanted}, {"mutation": found.score}) if floor and wanted else [])


def labelled(files: Sequence[Path]) -> list[Example]:
    """The labelled messages of JSONL files. Raises `RulesError` where one cannot be used."""
    problems: list[Problem] = []
    found = [example for path in files for example in read_examples(path, problems)]
    if problems:
        raise RulesError(problems)
    return found


def _router(pack: Path | None) -> Router:
    return Router(load_pack(pack)) if pack else Router.default()


def places_of(pack: Path | None) -> Places:
    """Where a pack's rules stand, as seen from here."""
    folder, here = (pack or DEFAULT_PACK).resolve(), Path.cwd()
    return Places(folder.relative_to(here) if folder.is_relative_to(here) else folder)


def _progress() -> Progress:
    """A bar on standard error; none where that is no terminal."""
    console = show.console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _teller(progress: Progress, task: Any) -> Callable[[mutation.Fate], None]:  # noqa: ANN401 - rich's id of a task
    survived = 0

    def tell(fate: mutation.Fate) -> None:
        nonlocal survived
        survived += fate.killed_by is None
        progress.update(task, advance=1, description=f"breaking rules, {survived} not noticed")

    return tell


def _write(file: Path | None, data: Mapping[str, Any]) -> None:
    if file is not None:
        file.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _fail(told: Sequence[str]) -> int:
    for line in told:
        sys.stderr.write(f"growqr: {line}\n")
    return EXIT_DIFFERS if told else 0
