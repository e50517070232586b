"""The HTTP server."""

from growqr_app.server.run import serve

__all__ = ["serve"]
