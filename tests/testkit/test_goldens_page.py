"""docs/goldens.md: its examples are goldens that hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from growqr_testkit.golden import Player, failure_text, load_goldens
from growqr_testkit.golden.lint import lint
from growqr_testkit.golden.models import ConversationModel, Expect
from growqr_testkit.golden.placeholders import PLACEHOLDERS

PAGE = (Path(__file__).parents[2] / "docs" / "goldens.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_hold(tmp_path, text):
    path = tmp_path / "x.golden.yaml"
    path.write_text(text, encoding="utf-8")
    with Player() as player:
        results = list(player.play_all(load_goldens([path])))
        assert [failure_text(result) for result in results] == [""] * len(results)
        assert lint([path], player.router.pack)[1] == []


def test_every_key_and_placeholder_is_explained():
    keys = [*ConversationModel.model_fields, *Expect.model_fields]
    names = [placeholder.replace(":1", ":n") for placeholder in PLACEHOLDERS]
    assert [name for name in [*keys, *names] if f"`{name}`" not in PAGE] == []
