"""A second, tiny pack of another domain: nothing in the router knows interviews."""

from __future__ import annotations

from pathlib import Path

import pytest

from growqr_router import Router
from growqr_rules import Pack, load_pack

LIBRARY = Path(__file__).parents[1] / "packs" / "library_en"


@pytest.fixture(scope="session")
def library() -> Pack:
    """The pack of a public library."""
    return load_pack(LIBRARY)


@pytest.fixture(scope="session")
def router(library: Pack) -> Router:
    """A router of the library pack."""
    return Router(library)


@pytest.fixture(scope="session")
def default() -> Router:
    """The router that ships."""
    return Router.default()
