"""`growqr rules lint`, `diff`, `schema` and `stats`: what is in a pack, what is wrong in it, what a change changes."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from growqr_app.errors import EXIT_DIFFERS, UserError
from growqr_app.proof import labelled, places_of
from growqr_router import Router
from growqr_router.learned import Learned
from growqr_rules import DEFAULT_PACK, Example, Place, Problem, RulesError, load_pack
from growqr_rules.schema import pack_schema
from growqr_rules.source import read_models
from growqr_testkit.difference import CHANGES, Difference, differences
from growqr_testkit.floor import read_floor
from growqr_testkit.linting import Finding, Said, lint_corpus, lint_rules

_SHOWN = 200
"""Messages of a diff that are printed; the JSON has all."""


def lint_pack(
    folder: Path | None, messages: Sequence[Path], sample: int, *, json_file: Path | None, floor: Path | None
) -> int:
    """Print what is dead, shadowed, claimed twice or thin in a pack.

    `sample` of the pack's own examples, spread evenly, are routed beside `messages`. Returns 1 where there are more
    problems than `floor` allows (without it, none), else 0.

    Raises:
        RulesError: the pack or a file cannot be used.
    """
    allowed = read_floor(floor).problems if floor else 0
    pack = load_pack(folder)
    learned = Learned.read(pack)
    places = places_of(folder)
    own = sorted((folder or DEFAULT_PACK).glob("examples/*.jsonl"))
    said = [*_sampled(_said(own), sample), *_said(messages)]
    router = Router(pack, learned)
    found = sorted([*lint_rules(pack, places, learned), *lint_corpus(router, places, learned, said)])
    if json_file is not None:
        rows = [{"level": f.level, "code": f.code, **asdict(f.place), "message": f.message} for f in found]
        json_file.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    problems = [f for f in found if f.level == "problem"]
    _print_findings(problems, [f for f in found if f.level == "note"], len(said))
    if allowed:
        sys.stdout.write(f"{floor} allows {allowed} problems\n")
    return EXIT_DIFFERS if len(problems) > allowed else 0


def diff_packs(one: str, other: str, messages: Sequence[Path], json_file: Path | None) -> int:
    """Print what two packs decide differently on labelled messages. Returns 1 where they differ, else 0.

    Raises:
        UserError: `one` or `other` is neither a folder nor a git revision that has the pack.
        RulesError: a pack or a file cannot be used.
    """
    examples = labelled(messages)
    if not examples:
        raise UserError("There are no messages to compare by; give --messages FILE.")
    with TemporaryDirectory(prefix="growqr-") as scratch:
        routers = [Router(load_pack(_folder(name, Path(scratch) / str(n)))) for n, name in enumerate((one, other))]
        found = list(differences(routers[0], routers[1], examples))
    if json_file is not None:
        rows = [difference.to_dict() for difference in found]
        json_file.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(_diff_text(found, examples) + "\n")
    return EXIT_DIFFERS if found else 0


def show_schema() -> None:
    """Print the JSON Schema of a pack's files."""
    sys.stdout.write(json.dumps(pack_schema(), indent=2, sort_keys=True) + "\n")


def show_stats(folder: Path | None) -> None:
    """Print how much of what a pack has. Raises `RulesError` where it cannot be used."""
    pack = load_pack(folder)
    learned = Learned.read(pack)
    rules = [pack.rules_of(name) for name in pack.classes]
    kinds = Counter(concept.kind for concept in pack.concepts.values())
    examples = Counter(example.intent or example.route for _, example in pack.examples())
    figures = {
        "pack": f"{pack.manifest.name} {pack.manifest.version} ({pack.hash})",
        "routes, intents": f"{len(pack.manifest.routes)}, {len(pack.intents)}",
        "concepts": f"{len(pack.concepts)} ({', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))})",
        "phrases": f"{sum(len(c.phrases) for c in pack.concepts.values())}, "
        f"and {sum(len(c.not_) for c in pack.concepts.values())} that block",
        "cues": f"{len(pack.cues)} of {sum(len(c.phrases) for c in pack.cues.values())} phrases",
        "rules": f"{sum(len(r.rules) for r in rules)}, {sum(len(r.vetoes) for r in rules)} vetoes, "
        f"{sum(len(r.templates) for r in rules)} templates, {sum(len(r.replies) for r in rules)} short answers",
        "fitted": f"{len(learned.weights.rows)} features, {len(learned.vocabulary)} words",
        "examples": str(examples.total()),
    }
    figures |= {f"  {name}": str(examples[name]) for name in pack.classes}
    sys.stdout.write("".join(f"{label:<24} {value}\n" for label, value in figures.items()))


def _said(files: Sequence[Path]) -> list[Said]:
    """The labelled messages of files with their lines. Raises `RulesError`."""
    problems: list[Problem] = []
    found = [
        Said(example, Place(str(path), line))
        for path in files
        for line, example in read_models(Example, path, problems)
    ]
    if problems:
        raise RulesError(problems)
    return found


def _sampled(said: list[Said], wanted: int) -> list[Said]:
    """So many, spread evenly."""
    if wanted >= len(said):
        return said
    return [said[i * len(said) // wanted] for i in range(wanted)]


def _print_findings(problems: Sequence[Finding], notes: Sequence[Finding], routed: int) -> None:
    for title, found in (("Problems", problems), ("Notes", notes)):
        if found:
            sys.stdout.write("\n".join([f"{title}:", *map(str, found), "", ""]))
    sys.stdout.write(f"{len(problems)} problems and {len(notes)} notes; {routed} labelled messages were routed\n")


def _folder(name: str, scratch: Path) -> Path:
    """The folder of a pack that is one, or that a git revision of the shipped pack's folder has."""
    if name and Path(name).is_dir():
        return Path(name)
    revision, _, path = name.partition(":")
    git = shutil.which("git")
    if git is None or not revision or revision.startswith("-"):
        raise UserError(
            f"{name!r} is no folder; a git revision is written REV or REV:PATH (and git must be installed)."
        )
    folder = Path(path) if path else DEFAULT_PACK
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder; in REV:PATH the path is that of a pack's folder here.")
    command = [git, "-C", os.fspath(folder), "archive", "--format=tar", revision, "."]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - a list, no shell; the revision is no option
    if done.returncode:
        raise UserError(f"git has no {name!r}: {done.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(scratch, filter="data")
    return scratch


def _diff_text(found: Sequence[Difference], examples: Sequence[Example]) -> str:
    counted = Counter(change for difference in found for change in difference.changes)
    verdicts = Counter(difference.verdict for difference in found)
    lines = []
    for difference in found[:_SHOWN]:
        before, after = difference.before, difference.after
        changes = ", ".join(difference.changes) + (f", {difference.verdict}" if difference.verdict else "")
        confidence = f"{before.decision.confidence:.3f} -> {after.decision.confidence:.3f}"
        lines += [
            f"{before.example.text[:100]}  [{before.example.context.state}, label {before.expected}]",
            f"    {before.got} -> {after.got}, {confidence}: {changes}",
        ]
    if len(found) > _SHOWN:
        lines.append(f"... and {len(found) - _SHOWN} more; --json FILE has all")
    told = ", ".join(f"{change} {counted[change]}" for change in CHANGES if counted[change]) or "nothing"
    lines.append(f"{len(found)} of {len(examples)} messages are read otherwise: {told}")
    lines.append(f"by their labels: {verdicts['fixed']} fixed, {verdicts['broken']} broken")
    return "\n".join(lines)
