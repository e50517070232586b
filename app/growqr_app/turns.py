"""One turn of a conversation on the console."""

from __future__ import annotations

from rich.console import Console

from growqr_app import show
from growqr_app.seat import Seat, Turn


def show_turn(console: Console, seat: Seat, turn: Turn, *, echo: bool = True) -> None:
    """Print one turn; `echo=False` leaves out the message, for a terminal on which it was just typed."""
    answer = turn.answer
    if turn.event is not None:
        console.print(show.event(turn.number, turn.said, turn.heard))
    elif echo:
        console.print(show.message(turn.number, turn.said))
    states = tuple(seat.router.pack.manifest.states)
    console.print(show.turn(answer.decision, turn.said, answer.calls, states, (turn.before, answer.state)))
    if answer.text:
        console.print(show.reply(answer.text))
    console.print()
