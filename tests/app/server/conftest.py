"""Servers on loopback ports, in a thread of this process."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import httpx
import pytest
import uvicorn

from growqr_app.server import create_app
from growqr_app.settings import load_settings


@contextlib.contextmanager
def running(**flags):
    """A server with these settings; its base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = create_app(load_settings(port=0, **flags))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=5))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


@pytest.fixture(scope="module")
def open_server():
    """A server without authentication, against the sandbox."""
    with running() as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client
