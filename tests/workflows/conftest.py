"""A store of its own for each test."""

import pytest

from growqr_workflows import open_store


@pytest.fixture
async def store():
    async with open_store() as store:
        yield store
