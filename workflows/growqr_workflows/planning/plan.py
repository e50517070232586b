"""Decide, purely, what a turn does: snapshot + decision -> step. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from growqr_router import LONGEST_TEXT
from growqr_workflows.outcome import Handoff
from growqr_workflows.planning import assignments, dialogue, practice, results
from growqr_workflows.planning.turn import Turn
from growqr_workflows.step import Step, refuse, say

_STEPS: dict[str, Callable[[Turn], Step]] = {
    "practice.preview": practice.preview,
    "practice.start": practice.start,
    "draft.regenerate": practice.regenerate,
    "draft.edit_questions": practice.edit,
    "draft.approve": practice.approve,
    "session.launch": practice.launch,
    "session.status": practice.status,
    "help": practice.show_help,
    "cancel": practice.cancel,
    "review.show": results.review,
    "leaderboard.show": results.leaderboard,
    "artifact.download": results.about_a_session("artifact", "get the download link"),
    "video.upload": results.about_a_session("upload_url", "get an upload link"),
    "video.confirm": results.about_a_session("video_uploaded", "confirm the upload"),
    "assignment.create": assignments.create,
    "assignment.list": assignments.show,
    "assignment.unassign": assignments.unassign,
    "assignment.results": assignments.results,
}


def plan(turn: Turn) -> Step:
    """What to do about a message."""
    if turn.decision.reason == "too_long":
        # It was not read, so that it answers nothing: what was asked before is asked still.
        return replace(say("too_long", limit=f"{LONGEST_TEXT:,}"), asked=turn.snapshot.asked)
    resolved = dialogue.resolve(turn)
    if isinstance(resolved, Step):
        return resolved
    refusal = _refusal(resolved)
    if refusal is not None:
        return refusal
    if resolved.decision.route != turn.pack.manifest.home:
        return _hand_off(resolved)
    step = dialogue.clarify(resolved) or dialogue.careful(resolved, _STEPS[resolved.intent](resolved))
    named = resolved.slots.get("session_id")
    return replace(step, focus=str(named)) if named else step


def _hand_off(turn: Turn) -> Step:
    route = turn.decision.route
    session = turn.session
    kept = f"Your plan (session {session.session_id}) stays as it is." if session and turn.open_draft else None
    about = {name: session.values.get(name) for name in ("target_role", "company_name")} if session else {}
    context = {"state": turn.snapshot.state, "session_id": session.session_id if session else None, **about}
    handoff = Handoff(agent=route, message=turn.text, context=context)
    return Step(f"handoff_{route}", kind="handoff", facts={"draft_kept": kept}, handoff=handoff)


def _refusal(turn: Turn) -> Step | None:
    """What is refused whatever else the message asks."""
    fallback = turn.decision.route == turn.pack.manifest.fallback
    if turn.cue("internals") and (fallback or turn.intent == "help"):
        return refuse("refuse_internals")
    if turn.decision.route != turn.pack.manifest.home:
        return None
    if turn.cue("fabricate"):
        return refuse("refuse_fabricate")
    if turn.intent in turn.workflow.admin_intents and turn.principal.role != "admin":
        return refuse("refuse_admin")
    named = "session_id" in turn.slots
    if turn.cue("other_person") and turn.intent in ("review.show", "artifact.download") and not named:
        return refuse("refuse_other")
    if turn.cue("informal") and turn.intent in ("practice.preview", "practice.start") and not turn.open_draft:
        return refuse("refuse_informal")
    return None
