"""`growqr eval`, `explain`, `why-not` and `rules build`: measure the router, ask it why, fit it to its examples."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from growqr_app import show
from growqr_app.errors import UserError
from growqr_router import Context, Router, UnknownContextError, explain, why_not
from growqr_rules import DEFAULT_PACK, Example, Pack, Problem, RulesError, load_pack, read_examples
from growqr_testkit.evaluation import Judged, cross_validate, evaluate, judge, to_html, to_json, to_text

BUILD = "growqr rules build"


def evaluate_files(files: Sequence[Path], *, folds: int, json_file: Path | None, html_file: Path | None) -> None:
    """Judge the labelled messages of `files` and print the figures.

    A file whose stem is one of the pack's example files is judged by a router that was refitted without it; `folds`
    above 1 instead spreads all the pack's examples over so many folds and judges those that the files hold.

    Raises:
        RulesError: a file cannot be used.
    """
    pack = load_pack()
    evaluation = evaluate(_judged(pack, _read(files), folds))
    title = ", ".join(path.name for path in files)
    if json_file is not None:
        json_file.write_text(json.dumps(to_json(evaluation), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if html_file is not None:
        html_file.write_text(to_html(evaluation, title), encoding="utf-8")
    sys.stdout.write(to_text(evaluation) + "\n")


def _read(files: Sequence[Path]) -> dict[str, list[Example]]:
    problems: list[Problem] = []
    found = {path.stem: list(read_examples(path, problems)) for path in files}
    if problems:
        raise RulesError(problems)
    if not any(found.values()):
        raise UserError("There are no labelled messages in these files.")
    return found


def _judged(pack: Pack, found: dict[str, list[Example]], folds: int) -> list[Judged]:
    own = list(pack.examples())
    if folds > 1:
        wanted = {example.text for examples in found.values() for example in examples}
        spread = [(str(i % folds), example) for i, (_, example) in enumerate(own)]
        judged = cross_validate(pack, spread, [str(n) for n in range(folds)])
        return [j for j in judged if j.example.text in wanted]
    held = [stem for stem in found if stem in {group for group, _ in own}]
    judged = cross_validate(pack, own, held)
    fresh = [example for stem, examples in found.items() if stem not in held for example in examples]
    return judged + (judge(Router(pack), fresh) if fresh else [])


def explain_message(text: str, *, state: str, role: str) -> None:
    """Print stage by stage what happened to `text`. Raises `UserError` on an unknown state or role."""
    router = Router.default()
    try:
        told = explain(router, text, Context(state=state, role=role))
    except UnknownContextError as error:
        raise UserError(f"There is no {error.field} {error.value!r}.", allowed=error.allowed) from error
    console = show.console()
    console.print(show.why(told.decision, text))
    console.print(show.facts({f"{n}. {r.stage}": r.did for n, r in enumerate(told.stages, 1)}))
    console.print(show.facts({name: f"{score:+d}" for name, score in told.scores[:6]}))


def explain_why_not(text: str, wanted: str, *, state: str, role: str) -> None:
    """Print what `wanted` lacked. Raises `UserError` on an unknown intent, route, state or role."""
    router = Router.default()
    try:
        told = why_not(router, text, wanted, Context(state=state, role=role))
    except KeyError as error:
        raise UserError(f"There is no intent or route {wanted!r}.", allowed=router.pack.classes) from error
    except UnknownContextError as error:
        raise UserError(f"There is no {error.field} {error.value!r}.", allowed=error.allowed) from error
    got = told.decision.intent or told.decision.route
    facts = {
        "decided": got,
        "not": f"{wanted}: score {told.score:+d}, the best has {told.best:+d}",
        "vetoed by": ", ".join(told.vetoes) or "nothing",
        "rules that nearly fired": "\n".join(told.missing) or "none",
        "smallest change found": told.change or "none",
    }
    show.console().print(show.facts(facts))


def build_pack(folder: Path | None) -> None:
    """Fit the pack in `folder` (default: the one that ships) to its examples and write the tables into it.

    Raises:
        UserError: scikit-learn is not installed.
        RulesError: the pack cannot be used.
    """
    try:
        from growqr_router.fit import fit  # noqa: PLC0415 - needs the extra [build]
    except ImportError as error:
        raise UserError("Building needs scikit-learn: pip install 'growqr-interview-agent[build]'.") from error
    folder = folder or DEFAULT_PACK
    pack = load_pack(folder)
    learned = fit(pack, list(pack.examples()), made_with=BUILD)
    learned.write(folder)
    sys.stdout.write(f"{len(learned.weights.rows)} features, {len(learned.vocabulary)} words: {folder}\n")
