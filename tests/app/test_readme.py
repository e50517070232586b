from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from growqr_app.cli import app
from growqr_router import Router, why_not
from growqr_router.learned import Learned

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
PRINTED = [
    "interview draft.regenerate",
    "first\nthen\n",
    "then error practice.preview {'target_role': 'nurse'}",
]
"""What each example prints, among other things."""


@pytest.mark.parametrize(("code", "printed"), list(zip(EXAMPLES, PRINTED, strict=True)))
def test_the_examples_in_the_readme_run(code, printed, tmp_path):
    """Each in a process of its own, away from the checkout, as a reader would run it."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert printed in done.stdout


def test_every_command_stands_in_the_readme():
    for name in typer.main.get_command(app).commands:
        assert f"`growqr {name}" in README


def test_the_why_not_of_the_readme_finds_a_change():
    text, wanted = re.search(r'`growqr why-not "(.*?)" (\S+)`', README).groups()
    told = why_not(Router.default(), text, wanted)
    assert told.decision.intent != wanted
    assert Router.default().route(told.change).intent == wanted


def test_the_legend_of_evidence_has_every_kind_that_there_is():
    """Kinds of fitted features, and the terms that stages add beside them."""
    legend = (ROOT / "docs" / "explanations.md").read_text(encoding="utf-8")
    rows = "".join(re.findall(r"^\| (`.*?) \| ", legend, re.MULTILINE))
    fitted = Learned.read(Router.default().pack).weights.tables.keys()
    kinds = {key.partition(":")[0] for key in re.findall(r"`([a-z]+)(?::|`)", rows)}
    assert kinds == {*fitted, "rest"}
    assert re.findall(r"`(.*?)`", rows)[:3] == ["intent/rule", "veto intent/rule", "near file:line"]


def test_every_make_target_in_the_documents_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    documents = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)`", documents, re.MULTILINE):
        assert re.search(rf"^{''.join(target)}:", makefile, re.MULTILINE)


def test_the_readme_says_that_there_is_no_licence_yet():
    assert "No licence has been chosen yet" in README
    assert list(ROOT.glob("LICEN*")) == []
