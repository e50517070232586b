"""`growqr demo`: the recorded conversation, played through the real program."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from growqr_app import show
from growqr_app.errors import EXIT_DIFFERS
from growqr_app.seat import Seat, Turn, sandbox_service
from growqr_app.turns import show_turn
from growqr_testkit.golden import load_conversations
from growqr_testkit.golden.models import Turn as RecordedTurn
from growqr_workflows import Principal

RECORDING = Path(__file__).with_name("demo.yaml")
GOAL = "reviewed"
_PRINCIPAL = Principal(user_id="user_demo", org_id="org_demo", email="sam@example.org", name="Sam")


def play_demo(recording: Path = RECORDING) -> int:
    """Play `recording` against a sandbox and show each turn. Returns the exit code: 0 when it ends in `reviewed`.

    Raises:
        RulesError: the recording cannot be used.
    """
    (conversation,) = load_conversations([recording])
    console = show.console()
    with sandbox_service(_PRINCIPAL) as service, Seat(service, _PRINCIPAL, conversation_id="conv_demo") as seat:
        console.print(show.banner("demo", f"{conversation.name}, against the sandbox at {service.base_url}"))
        for turn in conversation.model.turns:
            show_turn(console, seat, _play(seat, turn))
        return _conclude(console, seat)


def _play(seat: Seat, recorded: RecordedTurn) -> Turn:
    if recorded.event is None:
        return seat.say(recorded.user or "")
    acts = {
        "session_live": seat.open_session,
        "session_ended": seat.close_session,
        "video_uploaded": seat.confirm_upload,
    }
    return acts[recorded.event]()


def _conclude(console: Console, seat: Seat) -> int:
    if seat.state != GOAL:
        show.console(stderr=True).print(
            Text(
                f"The demo ended in the state {seat.state}, not in {GOAL}: see the last reply above.", style="bold red"
            )
        )
        return EXIT_DIFFERS
    calls = sum(len(turn.answer.calls) for turn in seat.turns)
    console.print(
        Text(
            f"✔ {GOAL}: {len(seat.turns)} turns, {calls} service calls over HTTP, one WebSocket session.",
            style="bold green",
        )
    )
    return 0
