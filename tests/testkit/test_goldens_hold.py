"""The project's own golden conversations, each a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from growqr_testkit.golden import load_conversations, report_text, run_conversation

CONVERSATIONS = load_conversations([Path(__file__).parents[2] / "fixtures" / "conversations"])


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda c: c.name)
async def test_the_conversation_holds(conversation):
    result = await run_conversation(conversation)
    assert result.passed, report_text([result])
