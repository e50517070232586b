"""`growqr golden`: golden conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from growqr_app.cli.options import FloorFile, Goldens, JsonFile, Labelled, PackFolder, Role
from growqr_app.errors import UserError

golden = typer.Typer(help="Golden conversations.", no_args_is_help=True, rich_markup_mode=None)


@golden.command("run")
def golden_run(
    paths: Goldens,
    *,
    words: Annotated[str | None, typer.Option("-k", metavar="TEXT", help="Only those with this in their name.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only those with this tag; several: with any of them.")] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first that differs.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Again whenever a golden or the pack changes.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Make expectations say what came, after a look.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --accept: do not ask.")] = False,
    pack: PackFolder = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JSON to this file.")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JUnit XML.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as a page.")] = None,
) -> None:
    """Play golden conversations. Exit code: 0 all hold, 1 some differ, 2 unusable input."""
    from growqr_app.goldens import GoldenRun, run_goldens

    run = GoldenRun(
        paths=paths, pack=pack, words=words, tags=tag or (), fail_fast=fail_fast,
        json_file=json, junit_file=junit, html_file=html,
    )  # fmt: skip
    if yes and not accept:
        raise UserError("--yes goes with --accept.")
    if accept and watch:
        raise UserError("Give either --accept or --watch.")
    if accept:
        from growqr_app.accepting import accept_goldens

        raise typer.Exit(accept_goldens(run, ask=not yes))
    if watch:
        from growqr_app.watching import watch_goldens

        raise typer.Exit(watch_goldens(run))
    raise typer.Exit(run_goldens(run))


@golden.command("lint")
def golden_lint(paths: Goldens, *, pack: PackFolder = None) -> None:
    """Say all that is wrong with goldens, with file and line, without playing them."""
    from growqr_app.goldens import lint_goldens

    lint_goldens(paths, pack)


@golden.command("record")
def golden_record(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The golden file to write; it must not exist yet.")],
    *,
    log: Annotated[Path | None, typer.Option(metavar="FILE", help="JSONL of messages: a `text` on each line.")] = None,
    db: Annotated[str | None, typer.Option(metavar="PATH|postgresql://...", help="The store to take it from.")] = None,
    conversation: Annotated[str | None, typer.Option(metavar="ID", help="Which conversation of the store.")] = None,
    name: Annotated[str | None, typer.Option(help="The golden's name; default: the file's.")] = None,
    role: Role = "seeker",
    email: Annotated[str | None, typer.Option(help="The person's address, to be replaced.")] = None,
    person: Annotated[str | None, typer.Option(help="The name in the person's profile, to be replaced.")] = None,
) -> None:
    """Write a golden of a chat, of a conversation in a store (--db), or of a log of messages (--log)."""
    from growqr_app.recording import record_chat, record_log, record_store
    from growqr_testkit.golden.record import About

    if (db is None) != (conversation is None) or (db and log):
        raise UserError("Give --log FILE, or --db PATH with --conversation ID, or none of them to chat.")
    about = About(name=name or out.name.partition(".")[0], role=role, email=email, person=person)
    if log is not None:
        record_log(out, about, log)
    elif db is not None and conversation is not None:
        record_store(out, about, db, conversation)
    else:
        record_chat(out, about)


@golden.command("schema")
def golden_schema() -> None:
    """Print the JSON Schema of golden files."""
    from growqr_app.goldens import print_schema

    print_schema()


@golden.command("coverage")
def golden_coverage(
    paths: Goldens,
    *,
    messages: Labelled = None,
    pack: PackFolder = None,
    json: JsonFile = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as a page.")] = None,
    floor: FloorFile = None,
) -> None:
    """Show what goldens reach of a pack, and what they do not. Exit code 1: below the floor, or a golden differs."""
    from growqr_app.proof import cover_goldens

    code = cover_goldens(paths, messages or [], pack=pack, json_file=json, html_file=html, floor=floor)
    raise typer.Exit(code)


@golden.command("mutate")
def golden_mutate(
    paths: Goldens,
    *,
    messages: Labelled = None,
    pack: PackFolder = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same mutants in the same order.")] = 0,
    budget: Annotated[float | None, typer.Option(min=0, metavar="SECONDS", help="Begin no mutant after this.")] = None,
    singles: Annotated[int, typer.Option(min=0, help="How many single phrases to drop, one at a time.")] = 200,
    json: JsonFile = None,
    floor: FloorFile = None,
) -> None:
    """Break rules one by one, in memory, and show what no golden notices. Exit code 1: below the floor."""
    from growqr_app.proof import mutate_goldens

    code = mutate_goldens(
        paths, messages or [], pack=pack, seed=seed, budget=budget, singles=singles, json_file=json, floor=floor
    )
    raise typer.Exit(code)
