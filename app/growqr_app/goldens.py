"""`growqr golden run`: play golden conversations and say which hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from growqr_app import show
from growqr_app.errors import EXIT_DIFFERS
from growqr_testkit.golden import load_conversations, report_json, report_text, run

_STYLES = {"ok": "green", "DIFF": "bold red", "expected": "green", "got": "red"}
"""By the first word of a line of the report."""


def run_goldens(paths: Sequence[Path], json_file: Path | None) -> int:
    """Play the conversations of `paths`, print the report, write it to `json_file`. Returns 0 when all hold, else 1.

    Raises:
        RulesError: a file cannot be used, or there is no conversation in any of them.
        OSError: the report cannot be written.
    """
    results = run(load_conversations(paths))
    if json_file is not None:
        report = json.dumps(report_json(results), ensure_ascii=False, indent=2)
        json_file.write_text(report + "\n", encoding="utf-8")
    console = show.console()
    for line in report_text(results).splitlines():
        first = line.split(maxsplit=1)[0] if line.strip() else ""
        console.print(Text(show.clean(line), style=_STYLES.get(first, "")), soft_wrap=True)
    return 0 if all(result.passed for result in results) else EXIT_DIFFERS
