from __future__ import annotations

import json
from pathlib import Path

from growqr_rules import DEFAULT_PACK
from growqr_rules.schema import pack_schema

COMMITTED = Path(__file__).parents[2] / "docs" / "schemas" / "pack.schema.json"


def test_the_committed_schema_is_that_of_the_models():
    """`growqr rules schema > docs/schemas/pack.schema.json` writes it."""
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == pack_schema()


def test_the_schema_has_every_yaml_file_of_the_pack():
    patterns = pack_schema()["properties"]
    for path in DEFAULT_PACK.rglob("*.yaml"):
        name = path.relative_to(DEFAULT_PACK)
        assert path.name == "calibration.yaml" or any(name.match(pattern) for pattern in patterns)


def test_keys_are_named_as_they_are_written():
    concept = pack_schema()["$defs"]["Concept"]
    assert "not" in concept["properties"]
    assert concept["additionalProperties"] is False
