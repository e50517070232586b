"""The pack and the planning code name the same things."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from growqr_router import Context, Router
from growqr_router.decision import Alternative
from growqr_workflows import Principal
from growqr_workflows.planning import Turn, plan
from growqr_workflows.snapshot import Snapshot

ROUTER = Router.default()
PACK = ROUTER.pack
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "workflows" / "growqr_workflows").rglob("*.py"))
)


@pytest.mark.parametrize(
    ("text", "state", "other", "asked"),
    [
        ("assign one to ben@x.io", "none", 0.5, True),
        ("assign one to ben@x.io", "none", 0.3, False),
        ("show the leaderboard", "none", 0.45, False),
    ],
)
def test_what_lasts_is_asked_about_where_another_intent_is_as_likely(text, state, other, asked):
    """`clarify` bounds the route and the intent; a GET may be less sure than a change that lasts."""
    admin = Principal(user_id="u1", org_id="o1", role="admin")
    decision = ROUTER.route(text, Context(state=state, role="admin"))
    decision = replace(decision, confidence=0.99, alternatives=(Alternative("interview", "help", other),))
    turn = Turn(Snapshot(), decision, text, admin, PACK, PACK.workflow, lambda _: ({}, {}))
    assert (plan(turn).reply == "clarify") is asked


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
