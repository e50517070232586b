from __future__ import annotations

from dataclasses import fields

import numpy as np

from growqr_router import Context, Router
from growqr_router.compiled import Compiled
from growqr_rules.cache import FOLDER

TEXTS = ("prep me for a nurse interview at Stripe", "make it harder, and 20 minutes", "zqx wuffle", "")


def test_a_compiled_pack_decides_like_the_one_it_was_made_from(default, tmp_path, monkeypatch):
    """Made, written, and read again: the same bytes come out of the router."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    fresh = Router(default.pack)
    again = Router(default.pack)
    for text in TEXTS:
        assert fresh.route(text).to_json() == again.route(text).to_json() == default.route(text).to_json()


def test_bytes_hold_all_of_it(default):
    made = Compiled.load(default.pack)
    again = Compiled.from_bytes(memoryview(made.to_bytes()))
    assert (again.names.names, again.vocabulary, again.runs) == (made.names.names, made.vocabulary, made.runs)
    assert again.calibration == made.calibration
    for part in ("tables", "postings", "familiarity"):
        for field in fields(getattr(made, part)):
            one, other = (getattr(getattr(compiled, part), field.name) for compiled in (made, again))
            assert np.array_equal(one, other), (part, field.name)


def test_evidence_is_the_same_whenever_it_is_looked_at(default):
    first, second = (default.route("make it harder please", Context(state="draft")) for _ in range(2))
    assert first == second
    assert first.evidence == tuple(second.evidence)
    assert hash(first.evidence) == hash(tuple(second.evidence))
