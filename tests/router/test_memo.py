from __future__ import annotations

from growqr_router import memo
from growqr_router.memo import Memo


def test_a_function_is_called_once_per_word():
    asked = []

    def length(word):
        asked.append(word)
        return len(word)

    lengths = Memo(length)
    assert list(map(lengths.__getitem__, ["nurse", "at", "nurse"])) == [5, 2, 5]
    assert asked == ["nurse", "at"]


def test_it_never_holds_more_than_its_most(monkeypatch):
    monkeypatch.setattr(memo, "_MOST", 6)
    lengths = Memo(len)
    for n in range(20):
        assert lengths["x" * n] == n
        assert len(lengths.keys() | lengths._older.keys()) <= 6


def test_what_is_asked_for_again_is_not_forgotten(monkeypatch):
    monkeypatch.setattr(memo, "_MOST", 6)
    asked = []
    lengths = Memo(lambda word: asked.append(word) or len(word))
    for n in range(20):
        assert lengths["nurse"] == 5
        assert lengths["x" * n] == n
    assert asked.count("nurse") == 1
