"""The pack and the planning code name the same things."""

from __future__ import annotations

import re
from pathlib import Path

from growqr_router import Router

PACK = Router.default().pack
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "workflows" / "growqr_workflows").rglob("*.py"))
)


def test_every_cue_is_used_and_exists():
    used = set(re.findall(r'"([a-z_]+)"', " ".join(re.findall(r"cue\(([^)]*)\)", CODE))))
    assert used == set(PACK.cues)


def test_every_reply_is_given_and_exists():
    """Replies are named in the code, or made of a prefix and what the service or the router says."""
    made = ("error_", "review_", "handoff_", "agent_", "option_")
    named = {name for name in re.findall(r'"([a-z]+(?:_[a-z]+)*)"', CODE) if name in PACK.replies}
    assert {name for name in PACK.replies if not name.startswith(made)} <= named


def test_every_intent_has_a_step():
    steps = set(re.findall(r'^    "([a-z_.]+)": ', CODE, re.MULTILINE))
    assert set(PACK.intents) <= steps
