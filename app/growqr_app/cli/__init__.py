"""The `growqr` command."""

from growqr_app.cli.main import app, main

__all__ = ["app", "main"]
