"""`growqr golden run`, `lint` and `schema`: play goldens and say which hold, or only read them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

from growqr_app import show
from growqr_app.errors import EXIT_DIFFERS, UserError
from growqr_router import Router
from growqr_rules import RulesError, load_pack
from growqr_testkit.golden import Golden, GoldenResult, Player, load_goldens, report_json
from growqr_testkit.golden.junit import to_junit
from growqr_testkit.golden.lint import lint
from growqr_testkit.golden.page import to_html
from growqr_testkit.golden.report import result_lines, summary
from growqr_testkit.golden.schema import golden_schema

_STYLES = {"ok": "green", "DIFF": "bold red", "expected": "green", "got": "red"}
"""By the first word of a line of the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenRun:
    """What is played and where it is reported."""

    paths: Sequence[Path]
    pack: Path | None = None
    """The folder of another pack than the one that ships."""
    words: str | None = None
    """Only goldens with this in their name."""
    tags: Sequence[str] = field(default_factory=tuple)
    """Only goldens with any of these."""
    fail_fast: bool = False
    json_file: Path | None = None
    junit_file: Path | None = None
    html_file: Path | None = None

    def goldens(self) -> list[Golden]:
        """What is selected.

        Raises:
            RulesError: a file cannot be used, or there is no golden at all.
            UserError: none of them is selected.
        """
        found = load_goldens(self.paths)
        words, tags = (self.words or "").casefold(), set(self.tags)
        chosen = [g for g in found if words in g.name.casefold() and (not tags or tags & set(g.model.tags))]
        if not chosen:
            raise UserError(f"None of the {len(found)} goldens has what -k and --tag ask for.")
        return chosen

    def router(self) -> Router:
        """The router that is tested; read anew from another pack's folder."""
        return Router(load_pack(self.pack)) if self.pack else Router.default()

    def results(self, router: Router | None = None) -> Iterator[GoldenResult]:
        """Play one after the other. Raises as `goldens`."""
        goldens = self.goldens()
        with Player(router or self.router()) as player:
            yield from player.play_all(goldens, fail_fast=self.fail_fast)

    def play(self, router: Router | None = None) -> list[GoldenResult]:
        """Play, show each golden as it is done, and write the reports. Raises as `goldens`, and `OSError`."""
        console, results = show.console(), []
        for result in self.results(router):
            results.append(result)
            _show(console, result_lines(result))
        _show(console, [summary(results)])
        self._write(results)
        return results

    def _write(self, results: Sequence[GoldenResult]) -> None:
        if self.json_file is not None:
            report = json.dumps(report_json(results), ensure_ascii=False, indent=2)
            self.json_file.write_text(report + "\n", encoding="utf-8")
        if self.junit_file is not None:
            self.junit_file.write_text(to_junit(results), encoding="utf-8")
        if self.html_file is not None:
            self.html_file.write_text(to_html(results), encoding="utf-8")


def run_goldens(run: GoldenRun) -> int:
    """Play once. Returns 0 when all hold, else 1. Raises as `GoldenRun.play`."""
    return 0 if all(result.passed for result in run.play()) else EXIT_DIFFERS


def lint_goldens(paths: Sequence[Path], pack: Path | None) -> None:
    """Say all that is wrong with goldens without playing them.

    Raises:
        RulesError: with everything that is wrong.
    """
    goldens, problems = lint(paths, load_pack(pack))
    if problems:
        raise RulesError(problems)
    files = len({golden.file for golden in goldens})
    sys.stdout.write(f"{len(goldens)} goldens in {files} files: nothing wrong\n")


def print_schema() -> None:
    """Print the JSON Schema of the format."""
    sys.stdout.write(json.dumps(golden_schema(), ensure_ascii=False, indent=2) + "\n")


def _show(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        first = line.split(maxsplit=1)[0] if line.strip() else ""
        console.print(Text(show.clean(line), style=_STYLES.get(first, "")), soft_wrap=True)
