"""`growqr rules`: rule packs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from growqr_app.cli.options import FloorFile, JsonFile, Labelled, PackArgument

rules = typer.Typer(help="Rule packs.", no_args_is_help=True, rich_markup_mode=None)


@rules.command("build")
def rules_build(
    folder: Annotated[Path | None, typer.Argument(help="A pack's folder; default: the one that ships.")] = None,
) -> None:
    """Fit a pack's weights, vocabulary and calibration to its examples."""
    from growqr_app.study import build_pack

    build_pack(folder)


@rules.command("lint")
def rules_lint(
    folder: PackArgument = None,
    *,
    messages: Labelled = None,
    examples: Annotated[int, typer.Option(min=0, help="How many of the pack's own examples to route.")] = 2000,
    json: JsonFile = None,
    floor: FloorFile = None,
) -> None:
    """Show what is dead, shadowed, claimed twice or thin in a pack. Exit code 1: there are problems."""
    from growqr_app.packs import lint_pack

    raise typer.Exit(lint_pack(folder, messages or [], examples, json_file=json, floor=floor))


@rules.command("diff")
def rules_diff(
    one: Annotated[str, typer.Argument(help="A pack's folder, or a git revision: REV or REV:FOLDER.")],
    other: Annotated[str, typer.Argument(help="The same for the pack to compare it with.")],
    *,
    messages: Labelled = None,
    json: JsonFile = None,
) -> None:
    """Show which labelled messages two packs decide differently. Exit code: 0 none, 1 some."""
    from growqr_app.packs import diff_packs

    raise typer.Exit(diff_packs(one, other, messages or [], json))


@rules.command("schema")
def rules_schema() -> None:
    """Print the JSON Schema of a pack's files, for editors."""
    from growqr_app.packs import show_schema

    show_schema()


@rules.command("stats")
def rules_stats(folder: PackArgument = None) -> None:
    """Show how much of what a pack has."""
    from growqr_app.packs import show_stats

    show_stats(folder)
