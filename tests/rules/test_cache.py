from __future__ import annotations

import os

import pytest

from growqr_rules import DEFAULT_PACK, load_pack, loading
from growqr_rules.cache import FOLDER, cache_key, read_cached, write_cached


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_kept_is_read_again(folder):
    write_cached("a.bin", b"data")
    assert bytes(read_cached("a.bin")) == b"data"
    assert [path.name for path in folder.iterdir()] == ["a.bin"]


def test_nothing_is_read_where_nothing_was_kept(folder):
    assert read_cached("a.bin") is None


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:-1] + b"?", lambda data: data[:3]])
def test_a_damaged_file_is_not_used(folder, damage):
    write_cached("a.bin", b"data")
    (folder / "a.bin").write_bytes(damage((folder / "a.bin").read_bytes()))
    assert read_cached("a.bin") is None


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(FOLDER, str(tmp_path / "file" / "cache"))
    write_cached("a.bin", b"data")
    assert read_cached("a.bin") is None


def test_the_key_changes_with_the_parts_and_with_the_code(tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n", encoding="utf-8")
    first = cache_key(tmp_path, "hash")
    assert cache_key(tmp_path, "other") != first
    (tmp_path / "a.py").write_text("a = 2\n", encoding="utf-8")
    assert cache_key(tmp_path, "hash") != first


def test_a_pack_from_the_cache_is_the_pack(folder, monkeypatch):
    made = load_pack(DEFAULT_PACK)
    monkeypatch.setattr(loading, "_read_checked", None)
    assert load_pack(DEFAULT_PACK) == made
    assert os.listdir(folder)  # noqa: PTH208 - names are enough


def test_only_the_newest_of_a_kind_stay(folder):
    for number in range(6):
        write_cached(f"pack-{number}.bin", b"data")
        os.utime(folder / f"pack-{number}.bin", ns=(number, number))
    assert sorted(path.name for path in folder.iterdir()) == [f"pack-{number}.bin" for number in range(2, 6)]
