"""`growqr playground`: the server with a sandbox of its own, on loopback."""

from __future__ import annotations

from growqr_app.server import serve
from growqr_app.settings import Settings, load_settings


def serve_playground(port: int) -> None:
    """Serve until told to stop. Raises as `serve`."""
    serve(alone(port))


def alone(port: int) -> Settings:
    """Whatever else is set: nobody has to sign in, nothing real is called, nothing is kept.

    Raises:
        UserError: a setting cannot be used.
    """
    fixed: dict[str, object] = {
        "host": "127.0.0.1",
        "db": ":memory:",
        "service_url": None,
        "jwt_secret": None,
        "jwt_public_key": None,
        "jwks_file": None,
        "tokens_file": None,
        "handoff": {},
        "log_level": "warning",
    }
    return load_settings(port=port).model_copy(update=fixed)
