from __future__ import annotations

from pathlib import Path

from growqr_rules import Places

LIBRARY = Path(__file__).parents[1] / "packs" / "library_en"
PLACES = Places(LIBRARY)


def written(*path) -> str:
    """What stands in the line that `path` leads to."""
    place = PLACES.of(*path)
    return Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1].strip()


def test_each_part_of_a_pack_has_its_line():
    assert written("intents", "loan.renew", "vetoes", "library-card", "unless") == "unless: [book]"
    assert written("routes", "staff", "rules", "nothing-to-do").startswith("nothing-to-do:")
    assert written("concepts", "renew", "not", 0) == "not: [renew my card]"
    assert written("pack", "thresholds", "clarify", "read").startswith("clarify:")


def test_what_is_not_written_is_placed_at_the_nearest_thing_around_it():
    assert written("intents", "loan.renew", "rules", "renew-book", "roles", 0).startswith("renew-book:")


def test_a_file_that_is_not_there_is_line_1():
    assert str(PLACES.of("workflow", "defaults")) == f"{LIBRARY / 'workflow.yaml'}:1"
