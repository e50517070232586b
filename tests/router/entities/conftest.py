from __future__ import annotations

import pytest

from growqr_router import Router


@pytest.fixture(scope="session")
def slots():
    """Reads a message as if it were for an intent: slot -> value."""
    router = Router.default()

    def read(text, intent="practice.preview"):
        return router.slots(text, intent)[0]

    return read
