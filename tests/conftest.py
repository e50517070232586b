"""What all tests share: one run of the checks is like the other, and a real PostgreSQL for those that need one."""

import itertools
import os
import tempfile

import pytest
from hypothesis import settings

from growqr_testkit.reliability.postgres import PostgresServer

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# What one run derives, the next does not see.
_CACHE = tempfile.TemporaryDirectory(prefix="growqr-tests-")
os.environ.setdefault("GROWQR_CACHE_DIR", _CACHE.name)

_NAMES = (f"test_{number}" for number in itertools.count(1))


@pytest.fixture(scope="session")
def postgres():
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def db(request, tmp_path):
    """The address of an empty database, once in a file and once on a server."""
    if request.param == "sqlite":
        return str(tmp_path / "store.db")
    return request.getfixturevalue("postgres").database(next(_NAMES))
