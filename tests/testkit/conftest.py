"""The pack of a public library, which has no workflow: quick to load, quick to break."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from growqr_router import Router
from growqr_rules import Places, load_pack
from growqr_testkit.golden import load_goldens

LIBRARY = Path(__file__).parents[1] / "packs" / "library_en"
MESSAGES = [
    {"text": "renew my novel", "route": "library", "intent": "loan.renew"},
    {"text": "extend it", "context": {"state": "on_loan"}, "route": "library", "intent": "loan.renew"},
    {"text": "my card, can you renew it", "context": {"state": "on_loan"}, "intent": "catalogue.search"},
    {"text": "is there a volume to look for", "route": "library", "intent": "catalogue.search"},
]


@pytest.fixture(scope="session")
def places():
    return Places(LIBRARY)


@pytest.fixture(scope="session")
def router():
    return Router(load_pack(LIBRARY))


@pytest.fixture(scope="session")
def messages_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("library") / "library.golden.jsonl"
    path.write_text("".join(json.dumps(message) + "\n" for message in MESSAGES))
    return path


@pytest.fixture(scope="session")
def messages(messages_file):
    return load_goldens([messages_file])
