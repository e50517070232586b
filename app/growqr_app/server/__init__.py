"""The HTTP server."""

from growqr_app.server.app import create_app
from growqr_app.server.run import serve

__all__ = ["create_app", "serve"]
