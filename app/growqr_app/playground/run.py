"""`growqr playground`: the server with a sandbox of its own, on loopback."""

from __future__ import annotations

from growqr_app.server import serve
from growqr_app.settings import load_settings


def serve_playground(port: int) -> None:
    """Serve until told to stop. Raises as `serve`.

    Whatever else is set, nobody has to sign in, nothing real is called and nothing is kept.
    """
    alone: dict[str, object] = {
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
    serve(load_settings(None, port=port).model_copy(update=alone))
