"""The tiny pack's stages, one at a time: what a reading is before and after a stage."""

from __future__ import annotations

import pytest

from growqr_router import Context, Router

EXAMPLES = [
    ("i want a pizza", "order"), ("order two pizzas please", "order"), ("can i get a large pizza", "order"),
    ("one pizza to go", "order"), ("deliver a pizza to my house", "order"), ("pizza for four people", "order"),
    ("what time do you close", "hours"), ("are you open on sunday", "hours"), ("when do you open", "hours"),
    ("opening times please", "hours"), ("are you still open", "hours"), ("closing time tonight", "hours"),
]  # fmt: skip


@pytest.fixture(scope="session")
def read(router):
    """`read(text, state)`: the library's reading of a message."""
    return lambda text, state="none": router.read(text, Context(state=state, role="reader"))


@pytest.fixture(scope="session")
def pizzeria():
    """A router that has nothing but examples."""
    return Router.from_examples(EXAMPLES)
