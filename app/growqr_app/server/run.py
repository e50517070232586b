"""`growqr serve`: the server on a port, until it is told to stop."""

from __future__ import annotations

import socket

import uvicorn

from growqr_app import show
from growqr_app.server.app import create_app
from growqr_app.settings import Settings


def serve(settings: Settings) -> None:
    """Serve until interrupted; turns that are under way are finished first.

    Raises:
        OSError: the port is taken.
    """
    with socket.create_server((settings.host, settings.port)) as listener:
        port = listener.getsockname()[1]
        console = show.console(stderr=True)
        console.print(show.banner("serve", f"http://{settings.host}:{port}; Ctrl-C ends it"))
        config = uvicorn.Config(create_app(settings), server_header=False, access_log=False, log_level="warning")
        uvicorn.Server(config).run(sockets=[listener])
