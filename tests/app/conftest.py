"""Servers on loopback ports, in a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import socket
import threading

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from growqr_app.server import run
from growqr_app.server.authentication import authentication
from growqr_app.server.gate import Gate
from growqr_app.settings import load_settings

NEVER = 10**10
"""Seconds since 1970: tokens of these tests do not expire."""


class Running(httpx.Client):
    """A client of a running server, which it knows from the inside too."""

    def __init__(self, url, app):
        super().__init__(base_url=url, timeout=30)
        self.url, self.app = url, app

    @property
    def address(self):
        return self.base_url.host, self.base_url.port

    def post_as(self, token, path, body, **headers):
        return self.post(path, json=body, headers={"Authorization": f"Bearer {token}", **headers})

    def get_as(self, token, path):
        return self.get(path, headers={"Authorization": f"Bearer {token}"})


@contextlib.contextmanager
def running(**flags):
    """A server with these settings."""
    settings = load_settings(port=0, **flags)
    gate = Gate(authentication(settings), settings)
    made = queue.Queue()

    async def serve():
        async with run.open_server(settings, gate) as server:
            made.put(server)
            await server.serve(sockets=[listener])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
        thread.start()
        server = made.get(timeout=60)
        try:
            with Running(f"http://127.0.0.1:{listener.getsockname()[1]}", server.config.app) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside():
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GROWQR_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def serve_with():
    """Makes servers: a context manager that takes settings."""
    return running


@pytest.fixture(scope="module")
def open_server():
    """A server without authentication, against the sandbox."""
    with running(rate_burst=10_000) as client:
        yield client


@pytest.fixture(scope="session")
def secret():
    return "a secret that is long enough for HS256, and only for tests"


@pytest.fixture(scope="session")
def token(secret):
    """Makes JWTs; a claim that is None is left out."""

    def make(user="u1", org="o1", key=secret, algorithm="HS256", header=None, **claims):
        told = {"sub": user, "org": org, "exp": NEVER, **claims}
        return jwt.encode({k: v for k, v in told.items() if v is not None}, key, algorithm, headers=header)

    return make


@pytest.fixture(scope="session")
def rsa_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def public_pem(rsa_key):
    kinds = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return rsa_key.public_key().public_bytes(*kinds)


@pytest.fixture(scope="session")
def guarded(serve_with, secret, public_pem, tmp_path_factory):
    """A server that takes HS256 and RS256 tokens, with small bounds; shared: each test has its own conversations."""
    pem = tmp_path_factory.mktemp("keys") / "public.pem"
    pem.write_bytes(public_pem)
    bounds = {"body_limit": 4096, "batch_limit": 3, "receive_timeout": 0.5, "rate_burst": 10_000}
    with serve_with(jwt_secret=secret, jwt_public_key=pem, jwt_issuer="me", **bounds) as client:
        yield client
