"""Steps of one's own practice: plan, change, edit, approve, go live, drop."""

from __future__ import annotations

from typing import Any

from growqr_workflows import questions
from growqr_workflows.configuration import Configuration, configure, to_request
from growqr_workflows.outcome import Origin
from growqr_workflows.planning.assignments import ask_assignment, pointed_at
from growqr_workflows.planning.turn import Turn
from growqr_workflows.service import models
from growqr_workflows.snapshot import SessionRecord
from growqr_workflows.step import Send, Step, refuse, say

_LENGTHS = (5, 10, 15)
_NAMES = ("target_role", "company_name")
_MEANINGS = {
    "draft": "It is a draft and not approved yet: it needs your approval.",
    "edited": "It is a draft with your own questions and not approved yet: it needs your approval.",
    "approved": "It is approved and ready to go live.",
    "live": "It is live.",
    "reviewed": "It is over and its review is there.",
}


def preview(turn: Turn) -> Step:
    """Plan a session; with a draft open that the ask fits, plan that one again."""
    if turn.open_draft and _same_session(turn, turn.open_draft):
        return regenerate(turn)
    return _new_session(turn, start=False)


def start(turn: Turn) -> Step:
    """A real session at once; of an open draft, its approval; of an approved one, its live room."""
    session = turn.session
    if turn.open_draft and _same_session(turn, turn.open_draft):
        return approve(turn)
    if session and session.state == "approved" and not turn.slots and not turn.cue("new_session"):
        return launch(turn)
    return _new_session(turn, start=True)


def regenerate(turn: Turn) -> Step:
    """Change the open draft, or plan it again with feedback."""
    session = turn.session
    if session is None:
        named = any(turn.slots.get(name) for name in _NAMES)
        return _new_session(turn, start=False) if named else refuse("refuse_no_draft")
    if session.state == "reviewed":
        return _new_session(turn, start=False, carried=_carried(session))
    if session.state not in ("draft", "edited"):
        return refuse("refuse_change_approved")
    made = _configuration(turn, _carried(session), _named_assignment(turn))
    if "duration_minutes" not in turn.slots and turn.cue("shorter", "longer"):
        made.put("duration_minutes", _stepped(made.values["duration_minutes"], turn), Origin(origin="mapped"))
    feedback = str(turn.slots.get("planner_feedback") or turn.text)
    request = to_request(made, turn.principal, draft=session.session_id, feedback=feedback)
    send = Send("regenerate", "change the plan", {"request": request}, session.session_id, made)
    notes = {"own_questions": "Your own questions may have been replaced by this new plan."} if session.edited else {}
    return Step(send=send, transition="regenerate", request=turn.request(), notes=notes)


def edit(turn: Turn) -> Step:
    """Replace the draft's questions, once; the text is asked for where it is missing."""
    session = turn.session
    if session is None:
        return refuse("refuse_no_draft")
    if session.state not in ("draft", "edited"):
        return refuse("refuse_edit_approved")
    if session.edited and not session.edit_unknown:
        return refuse("refuse_edit_twice")
    try:
        wanted = questions.edit(
            session.question_outline, turn.slots.get("question_ops", []), turn.slots.get("questions", [])
        )
    except (questions.NeedTextError, questions.NoSuchQuestionError):
        wanted = []
    if not wanted and session.edit_unknown:
        return status(turn)
    if not wanted:
        return Step("ask_questions", kind="question", asked=turn.request(expects="questions"))
    body = models.QuestionsRequest(session_id=session.session_id, questions=wanted)
    send = Send("edit_questions", "save your questions", {"request": body}, session.session_id)
    return Step(send=send, transition="edit", request=turn.request())


def approve(turn: Turn) -> Step:
    """Accept the open draft."""
    session = turn.session
    if session is None:
        return refuse("refuse_no_draft")
    if session.state == "approved":
        return launch(turn) if turn.cue("go_now") else say("approved", session_id=session.session_id)
    if session.state not in ("draft", "edited"):
        return refuse("refuse_change_approved")
    body = models.ApproveRequest(session_id=session.session_id)
    send = Send("approve", "approve the plan", {"request": body}, session.session_id)
    return Step(send=send, transition="approve", request=turn.request())


def launch(turn: Turn) -> Step:
    """Hand over the live room of an approved session."""
    session = turn.session
    if session is None:
        return refuse("refuse_launch_none")
    if session.state in ("draft", "edited"):
        return refuse("refuse_launch_early")
    if session.state == "reviewed":
        return refuse("refuse_launch_over")
    return Step("launch", kind="handover")


def status(turn: Turn) -> Step:
    """Where the session stands, from what is on record; a request of unknown outcome is told too."""
    failed = turn.snapshot.failed
    open_question = f"whether I could {failed.action}" if failed and failed.unknown and failed.action else None
    if turn.session is None:
        return say("status_unknown", unsettled=open_question) if open_question else say("status_none")
    state = turn.session.state
    return say("status", state=state, meaning=_MEANINGS[state], unsettled=open_question)


def show_help(_turn: Turn) -> Step:
    """What the agent can do."""
    return say("help")


def cancel(turn: Turn) -> Step:
    """Drop the session, or only hold on."""
    fresh = turn.cue("start_over")
    if turn.session is None:
        return say("start_over" if fresh else "cancelled_none")
    if turn.session.state == "live" and turn.cue("lost_connection"):
        return launch(turn)
    if turn.cue("hold", "pause") and not fresh:
        return say("hold")
    return Step("start_over" if fresh else "cancelled", transition="cancel")


def _new_session(turn: Turn, *, start: bool, carried: Configuration | None = None) -> Step:
    """A new session: planned first, or real at once."""
    wanted = _named_assignment(turn)
    if wanted is None:
        meant = pointed_at(turn, str(turn.slots.get("target_role") or ""))
        if len(meant) > 1:
            return ask_assignment(turn, meant)
        wanted = next(iter(meant), None)
    lookup = None
    if wanted and wanted not in turn.snapshot.assignments and turn.principal.email:
        arguments = {"email": turn.principal.email, "status": "all", "limit": None}
        lookup = Send("list_assignments", "look up the assignment", arguments)
    if carried is None and turn.cue("same_setup"):
        carried = _carried(turn.snapshot.session)
    made = _configuration(turn, carried, wanted)
    operation, action = ("configure", "start the session") if start else ("preview", "prepare the plan")
    send = Send(operation, action, {"request": to_request(made, turn.principal)}, configuration=made)
    return Step(send=send, transition=operation, request=turn.request(), lookup=lookup, new_session=True)


def _same_session(turn: Turn, draft: SessionRecord) -> bool:
    """Whether an ask for practice fills or repeats the open draft, rather than wanting another session."""
    if turn.cue("new_session") or turn.slots.get("assignment_ids"):
        return False
    for name in _NAMES:
        said, known = turn.slots.get(name), draft.values.get(name)
        if said and known and str(said).lower() != str(known).lower():
            return False
    return True


def _carried(session: SessionRecord | None) -> Configuration | None:
    return Configuration(dict(session.values), dict(session.origins)) if session else None


def _named_assignment(turn: Turn) -> str | None:
    return next(iter(turn.slots.get("assignment_ids", [])), None)


def _configuration(turn: Turn, carried: Configuration | None, assignment: str | None) -> Configuration:
    slots = turn.slots
    if assignment:
        slots.update(_of_assignment(turn, assignment, slots))
    return configure(turn.workflow, slots, turn.origins(), carried)


def _of_assignment(turn: Turn, assignment: str, stated: dict[str, Any]) -> dict[str, Any]:
    """What an assignment settles: its id, and role and type where the person says nothing else."""
    known = turn.snapshot.assignments.get(assignment)
    if known is None:
        return {"assignment_id": assignment}
    coding = any(word in known.role.lower().replace("-", " ").split() for word in turn.workflow.coding_words)
    kind = turn.workflow.assignment_rounds.get(known.round, known.round)
    settled = {"target_role": known.role, "interview_type": "coding" if known.round == "technical" and coding else kind}
    return {"assignment_id": assignment, **{name: v for name, v in settled.items() if name not in stated}}


def _stepped(minutes: int, turn: Turn) -> int:
    at = _LENGTHS.index(minutes) + (1 if turn.cue("longer") else -1)
    return _LENGTHS[min(max(at, 0), len(_LENGTHS) - 1)]
