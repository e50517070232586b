"""Steps about what is over: reviews, leaderboard, recordings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from growqr_workflows.planning.practice import status
from growqr_workflows.planning.turn import Turn
from growqr_workflows.step import Send, Step, refuse


def review(turn: Turn) -> Step:
    """Fetch the review of the session that the message is about."""
    subject = turn.subject
    if subject is None and turn.snapshot.failed is not None and turn.snapshot.failed.unknown:
        return status(turn)
    if subject is None:
        return Step("review_which", kind="question", asked=turn.request(expects="session_id"))
    session = turn.snapshot.sessions.get(subject)
    if session is not None and session.state in ("draft", "edited"):
        return refuse("refuse_review_early")
    send = Send("review", "get the review", {"session_id": subject}, subject)
    transition = "review" if subject == turn.snapshot.current else None
    return Step(send=send, transition=transition, request=turn.request())


def leaderboard(turn: Turn) -> Step:
    """The best of the organisation."""
    arguments = {"org_id": turn.principal.org_id, "limit": turn.slots.get("limit")}
    return Step(send=Send("leaderboard", "get the leaderboard", arguments), request=turn.request())


def about_a_session(operation: str, action: str) -> Callable[[Turn], Step]:
    """A step that makes one call about the session of the message."""

    def step(turn: Turn) -> Step:
        subject = turn.subject
        if subject is None:
            return Step("ask_session", kind="question", asked=turn.request(expects="session_id"))
        arguments: dict[str, Any] = {"session_id": subject}
        if operation == "artifact":
            arguments["artifact_type"] = turn.slots.get("artifact_type", "session_video")
        return Step(send=Send(operation, action, arguments, subject), request=turn.request())

    return step
