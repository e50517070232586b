"""A real PostgreSQL for the tests that need one, started once per test process."""

import itertools

import pytest

from growqr_testkit.reliability.postgres import PostgresServer

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
