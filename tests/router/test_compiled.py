from __future__ import annotations

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
    assert again.weights.tables == made.weights.tables
    assert (again.weights.rows == made.weights.rows).all()
    assert again.postings.terms == made.postings.terms
    assert (again.postings.holders == made.postings.holders).all()
    assert (again.familiarity, again.vocabulary, again.runs) == (made.familiarity, made.vocabulary, made.runs)


def test_evidence_is_the_same_whenever_it_is_looked_at(default):
    first, second = (default.route("make it harder please", Context(state="draft")) for _ in range(2))
    assert first == second
    assert first.evidence == tuple(second.evidence)
    assert hash(first.evidence) == hash(tuple(second.evidence))
