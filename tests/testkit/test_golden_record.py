"""Goldens made of conversations that were held."""

from __future__ import annotations

import pytest

from growqr_testkit.golden import load_conversations, run_conversation
from growqr_testkit.golden.neutralise import Neutraliser
from growqr_testkit.golden.record import About, Held, Line, NotPlayableError, record

SAM = About(name="recorded one", person="Sam Okafor", email="Sam.O@corp.io")


async def recorded(tmp_path, about, held):
    """The golden's text and its conversation, which holds."""
    made = await record(about, held)
    path = tmp_path / "made.golden.yaml"
    path.write_text(made.text, encoding="utf-8")
    (conversation,) = load_conversations([path])
    result = await run_conversation(conversation)
    assert result.differences == ()
    return made, conversation.model


async def test_a_golden_states_what_was_observed_and_holds(tmp_path):
    lines = [
        Line("mock interview for a nurse, questions first"),
        Line("approve"),
        Line("start"),
        Line(event="session_live"),
    ]
    made, model = await recorded(tmp_path, SAM, Held(lines))
    assert [turn.expect.intent for turn in model.turns] == ["practice.preview", "draft.approve", "session.launch", None]
    assert [turn.expect.state for turn in model.turns] == ["draft", "approved", "approved", "live"]
    assert model.turns[1].expect.calls[0].body_includes == {"session_id": "{session_id}"}
    assert model.turns[2].expect.handover == "/api/v1/session/{session_id}"
    assert "{question:1}" in model.turns[0].expect.reply_must_mention
    assert model.effects.sessions_approved == 1
    assert made.otherwise == ()


async def test_personal_data_and_ids_are_replaced(tmp_path):
    lines = [
        Line("hi, sam here (sam.o@corp.io): mock interview for a nurse, questions first. Ask jo@x.org."),
        Line("how did sess_1a2b3c go?"),
    ]
    made, model = await recorded(tmp_path, SAM, Held(lines, sessions=["sess_1a2b3c"]))
    assert model.fixtures.me.model_dump(exclude_none=True) == {"email": "robin@example.org", "name": "Robin Doe"}
    assert "person1@example.org." in model.turns[0].user
    assert "{session:1}" in model.turns[1].user
    for secret in ("sam", "okafor", "corp", "jo@x", "1a2b3c", "sess_"):
        assert secret not in made.text.casefold()


async def test_faults_that_were_met_are_met_again_and_others_are_told(tmp_path):
    fault = {"on": "POST /api/v1/configure/preview", "turns": [1], "fault": "503"}
    never = {"on": "GET /api/v1/leaderboard", "turns": [1], "fault": "503"}
    held = Held([Line("mock interview for a nurse, questions first", state="draft")], service=[fault, never])
    made, model = await recorded(tmp_path, SAM, held)
    assert [entry.on for entry in model.service] == ["POST /api/v1/configure/preview"]
    assert model.turns[0].expect.state == "none"
    assert made.otherwise == (
        "turn 1 ended in draft; played again it ends in none",
        "faults that were met then, but not when it was played again: 1",
    )


async def test_nothing_to_play_is_an_error():
    with pytest.raises(NotPlayableError, match="no message"):
        await record(SAM, Held([Line(event="session_live")]))


@pytest.mark.parametrize(
    ("text", "neutral"),
    [
        ("SAM OKAFOR and sam", "Robin Doe and Robin"),
        ("same okaforian", "same okaforian"),
        ("mail a@b.co, A@b.co and c@b.co.", "mail person1@example.org, person1@example.org and person2@example.org."),
        ("asg_77x and asg_78x and asg_77x", "asg_other1 and asg_other2 and asg_other1"),
    ],
)
def test_the_same_text_gets_the_same_neutral_value(text, neutral):
    assert Neutraliser("Sam Okafor", None, [])(text) == neutral
