"""`growqr store`: what is kept about people."""

from __future__ import annotations

from typing import Annotated

import typer

from growqr_app.cli.options import Database, Organisation, User

store = typer.Typer(help="What is kept about people.", no_args_is_help=True, rich_markup_mode=None)


@store.command("export")
def store_export(user: User, db: Database = None, org: Organisation = None) -> None:
    """Print all that is kept about a user, as JSON."""
    from growqr_app.keeping import export
    from growqr_app.settings import named_database

    export(named_database(db), user, org)


@store.command("erase")
def store_erase(user: User, db: Database = None, org: Organisation = None) -> None:
    """Delete all that is kept about a user; the audit trail keeps the calls, no longer by whom."""
    from growqr_app.keeping import erase
    from growqr_app.settings import named_database

    erase(named_database(db), user, org)


@store.command("expire")
def store_expire(
    days: Annotated[float, typer.Option(min=0, help="Older than so many days.")], db: Database = None
) -> None:
    """Delete conversations and calls that were not touched for a while."""
    from growqr_app.keeping import expire
    from growqr_app.settings import named_database

    expire(named_database(db), days)
