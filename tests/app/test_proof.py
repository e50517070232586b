"""What goldens reach and notice, and what is in a pack, at the command line."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from growqr_app.errors import UserError
from growqr_app.packs import diff_packs, lint_pack, show_schema, show_stats
from growqr_app.proof import cover_goldens, mutate_goldens

LIBRARY = Path(__file__).parents[1] / "packs" / "library_en"
MESSAGES = [
    {"text": "renew my novel", "route": "library", "intent": "loan.renew"},
    {"text": "look for a volume", "route": "library", "intent": "catalogue.search"},
]


@pytest.fixture
def goldens(tmp_path):
    path = tmp_path / "library.golden.jsonl"
    path.write_text("".join(json.dumps(message) + "\n" for message in MESSAGES))
    return path


@pytest.fixture
def labelled(tmp_path):
    path = tmp_path / "labelled.jsonl"
    path.write_text("".join(json.dumps({**m, "context": {"role": "reader"}}) + "\n" for m in MESSAGES))
    return path


def floor(tmp_path, text):
    path = tmp_path / "floor.yaml"
    path.write_text(text)
    return path


def cover(goldens, **options):
    return cover_goldens(
        [goldens], [], **{"pack": LIBRARY, "json_file": None, "html_file": None, "floor": None, **options}
    )


def mutate(goldens, **options):
    defaults = {"pack": LIBRARY, "seed": 0, "budget": None, "singles": 3, "json_file": None, "floor": None}
    return mutate_goldens([goldens], [], **{**defaults, **options})


def test_coverage_is_printed_and_written(goldens, tmp_path, capsys):
    json_file, html_file = tmp_path / "c.json", tmp_path / "c.html"
    assert cover(goldens, json_file=json_file, html_file=html_file) == 0
    printed = capsys.readouterr().out
    assert "intents           2 of 2    100.0 %" in printed
    assert "intents/loan.renew.yaml:3: templates: loan.renew: renew it\n    try: renew it" in printed
    assert json.loads(json_file.read_text())["figures"]["intents"] == 100.0
    assert html_file.read_text().startswith("<!doctype html>")


def test_coverage_below_the_floor_fails_with_the_figure(goldens, tmp_path, capsys):
    path = floor(tmp_path, "coverage: {templates: 100, intents: 100}\n")
    assert cover(goldens, floor=path) == 1
    assert capsys.readouterr().err == f"growqr: templates: 0.0 %, below 100 % ({path})\n"


def test_a_mutation_run_names_survivors_and_fails_below_the_floor(goldens, tmp_path, capsys):
    json_file = tmp_path / "m.json"
    path = floor(tmp_path, "mutation: 99\n")
    assert mutate(goldens, json_file=json_file, floor=path) == 1
    captured = capsys.readouterr()
    assert "loan.renew.yaml:10: drop veto loan.renew/library-card; no test comes by it" in captured.out
    assert "below 99 %" in captured.err
    assert json.loads(json_file.read_text())["groups"]["vetoes"] == {"killed": 0, "run": 2}
    assert mutate(goldens, floor=floor(tmp_path, "mutation: 1\n")) == 0


def test_goldens_that_do_not_hold_are_a_mistake_to_put_right_first(tmp_path):
    path = tmp_path / "wrong.golden.jsonl"
    path.write_text(json.dumps({"text": "renew my novel", "intent": "catalogue.search"}) + "\n")
    with pytest.raises(UserError, match="renew my novel"):
        mutate(path)


def test_lint_fails_on_problems_beyond_those_that_the_floor_allows(tmp_path, capsys):
    folder = Path(shutil.copytree(LIBRARY, tmp_path / "pack"))
    with (folder / "concepts" / "all.yaml").open("a") as file:
        file.write("shelf: {kind: object, phrases: [shelf]}\n")
    json_file = tmp_path / "l.json"
    assert lint_pack(folder, [], 10, json_file=json_file, floor=None) == 1
    assert "all.yaml:17: [L106]" in capsys.readouterr().out
    (row,) = json.loads(json_file.read_text())
    assert (row["level"], row["code"], row["line"]) == ("problem", "L106", 17)
    assert lint_pack(folder, [], 10, json_file=None, floor=floor(tmp_path, "problems: 1\n")) == 0


def test_two_folders_are_compared_over_messages(labelled, tmp_path, capsys):
    folder = Path(shutil.copytree(LIBRARY, tmp_path / "pack"))
    rules = folder / "intents" / "loan.renew.yaml"
    rules.write_text(rules.read_text().replace("weight: 800", "weight: -800"))
    json_file = tmp_path / "d.json"
    assert diff_packs(str(LIBRARY), str(folder), [labelled], json_file) == 1
    assert "1 of 2 messages are read otherwise" in capsys.readouterr().out
    (row,) = json.loads(json_file.read_text())
    assert (row["text"], row["verdict"]) == ("renew my novel", "broken")
    assert diff_packs(str(LIBRARY), str(LIBRARY), [labelled], None) == 0


def test_git_revisions_of_a_pack_are_compared(labelled, tmp_path, capsys):
    folder = Path(shutil.copytree(LIBRARY, tmp_path / "repo" / "pack"))

    def git(*arguments):
        options = ("-c", "user.name=t", "-c", "user.email=t@t.example")
        subprocess.run(["git", *options, *arguments], cwd=tmp_path / "repo", check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one")
    rules = folder / "intents" / "loan.renew.yaml"
    rules.write_text(rules.read_text().replace("weight: 800", "weight: -800"))
    assert diff_packs(f"HEAD:{folder}", str(folder), [labelled], None) == 1
    assert "renew my novel" in capsys.readouterr().out
    with pytest.raises(UserError, match="git has no 'nowhere"):
        diff_packs(f"nowhere:{folder}", str(folder), [labelled], None)


@pytest.mark.parametrize("name", ["--output=x", "", "no/such/folder:"])
def test_what_is_neither_a_folder_nor_a_revision_is_told(name, labelled):
    with pytest.raises(UserError):
        diff_packs(name, str(LIBRARY), [labelled], None)


def test_a_diff_needs_messages():
    with pytest.raises(UserError, match="--messages"):
        diff_packs(str(LIBRARY), str(LIBRARY), [], None)


def test_stats_and_schema_are_printed(capsys):
    show_stats(LIBRARY)
    assert "5 (2 act, 1 filler, 1 object, 1 reply)" in capsys.readouterr().out
    show_schema()
    assert json.loads(capsys.readouterr().out)["properties"]["workflow.yaml"]
