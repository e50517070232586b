from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from growqr_rules import RulesError, load_pack

LIBRARY = Path(__file__).parents[1] / "packs" / "library_en"


@pytest.fixture
def folder(tmp_path):
    """A copy of the library pack to break."""
    return Path(shutil.copytree(LIBRARY, tmp_path / "pack"))


def problems_of(folder):
    with pytest.raises(RulesError) as caught:
        load_pack(folder)
    return caught.value.problems


def test_the_shipped_pack_loads():
    pack = load_pack()
    assert pack.manifest.name == "interview_en"
    assert len(pack.intents) == 18
    assert set(pack.manifest.routes) == {"interview", "resume", "roleplay", "qscore", "general"}


def test_classes_are_the_intents_and_the_other_routes():
    assert load_pack(LIBRARY).classes == ("catalogue.search", "loan.renew", "staff")


def test_an_unknown_key_is_told_with_file_line_and_allowed_keys(folder):
    path = folder / "intents" / "loan.renew.yaml"
    path.write_text(path.read_text() + "wieght: 3\n")
    (problem,) = problems_of(folder)
    assert problem.file == str(path)
    assert problem.line == len(path.read_text().splitlines())
    assert problem.key == "wieght"
    assert "rules" in problem.allowed


def test_all_problems_are_told_at_once(folder):
    path = folder / "intents" / "loan.renew.yaml"
    path.write_text(path.read_text().replace("all: [renew, book]", "all: [renwe, book]"))
    manifest = folder / "pack.yaml"
    manifest.write_text(manifest.read_text().replace("fallback: staff", "fallback: stuff"))
    assert [(p.code, p.key) for p in problems_of(folder)] == [("R103", "rules.renew-book"), ("R102", "fallback")]


def test_a_concept_may_be_defined_once(folder):
    (folder / "concepts" / "more.yaml").write_text("book:\n  kind: object\n  phrases: [tome]\n")
    assert [p.code for p in problems_of(folder)] == ["R101"]


def test_the_hash_changes_with_any_file_and_with_nothing_else(folder):
    before = load_pack(folder).hash
    assert load_pack(LIBRARY).hash == before
    path = folder / "concepts" / "all.yaml"
    path.write_text(path.read_text() + "\n")
    assert load_pack(folder).hash != before


def test_a_missing_folder_is_a_clear_error(tmp_path):
    (problem,) = problems_of(tmp_path / "nowhere")
    assert problem.file == str(tmp_path / "nowhere")
    assert "is no pack: there is no such folder." in problem.message


def test_a_folder_that_is_no_pack_is_told_with_what_to_do(tmp_path):
    (tmp_path / "concepts").mkdir()
    (problem,) = problems_of(tmp_path)
    assert problem.file == str(tmp_path)
    assert "is no pack: it has no pack.yaml. Name a folder that has one, or begin with a copy" in problem.message
