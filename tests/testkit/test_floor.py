from __future__ import annotations

import pytest

from growqr_rules import RulesError
from growqr_testkit.floor import below, read_floor


def test_a_figure_below_the_floor_is_told(tmp_path):
    path = tmp_path / "floor.yaml"
    path.write_text("coverage: {intents: 100, transitions: 90}\nmutation: 90\n")
    floor = read_floor(path)
    assert (floor.mutation, floor.problems) == (90, 0)
    assert below(path, floor.coverage, {"intents": 99.9, "transitions": 90.0}) == [
        f"intents: 99.9 %, below 100 % ({path})"
    ]


def test_a_figure_that_there_is_not_is_a_mistake(tmp_path):
    with pytest.raises(RulesError, match=r"intends.*Allowed: intents"):
        below(tmp_path / "floor.yaml", {"intends": 100}, {"intents": 100})


def test_an_unknown_key_is_told_with_its_line(tmp_path):
    path = tmp_path / "floor.yaml"
    path.write_text("coverage: {}\nscore: 90\n")
    with pytest.raises(RulesError, match=r"floor\.yaml:2: .*score"):
        read_floor(path)
