"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

State = Annotated[str, typer.Option(help="The workflow state in which the message arrives.")]
Database = Annotated[
    str | None, typer.Option(metavar="PATH|postgresql://...", help="Where conversations are kept; default: GROWQR_DB.")
]
Config = Annotated[Path | None, typer.Option(metavar="FILE", help="A TOML file; default: growqr.toml, if it exists.")]
Role = Annotated[str, typer.Option(help="What the signed-in person is: seeker or admin.")]
Labelled = Annotated[
    list[Path] | None, typer.Option("--messages", metavar="FILE", help="JSONL of labelled messages; may be repeated.")
]
PackFolder = Annotated[
    Path | None, typer.Option("--pack", metavar="FOLDER", help="Another pack than the one that ships.")
]
JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the report as JSON to this file.")]
FloorFile = Annotated[
    Path | None, typer.Option("--floor", metavar="FILE", help="A YAML file of the figures below which it fails.")
]
PackArgument = Annotated[Path | None, typer.Argument(help="A pack's folder; default: the one that ships.")]
Goldens = Annotated[list[Path], typer.Argument(help="Files, or folders with goldens in them.")]
User = Annotated[str, typer.Option("--user", help="The user's id.")]
Organisation = Annotated[str | None, typer.Option("--org", help="Only in this organisation.")]
