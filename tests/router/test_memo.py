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
    monkeypatch.setattr(memo, "_MOST", 3)
    lengths = Memo(len)
    for n in range(10):
        assert lengths["x" * n] == n
        assert len(lengths) <= 3
