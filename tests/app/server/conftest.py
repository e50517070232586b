"""Servers on loopback ports, in a thread of this process."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import httpx
import pytest

from growqr_app.server import create_app, run
from growqr_app.settings import load_settings


@contextlib.contextmanager
def running(**flags):
    """A server with these settings; its base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = load_settings(port=0, **flags)
        app = create_app(settings)
        server = run.server(app, settings)
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
