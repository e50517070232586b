"""Take a service's answer into the snapshot, and say which reply it makes with which facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from growqr_workflows.facts import number, outline, review_facts, session_facts
from growqr_workflows.machine import WorkflowMachine
from growqr_workflows.outcome import ReviewOutcome
from growqr_workflows.service import models
from growqr_workflows.snapshot import AssignmentRecord, SessionRecord, Snapshot
from growqr_workflows.step import Send, Step

_ARTIFACTS = {"session_video": "video recording", "session_audio": "audio recording", "transcript": "transcript"}


@dataclass(slots=True)
class Applied:
    """A reply and what the outcome says beside it."""

    reply: str
    facts: dict[str, str | None]
    outcome: dict[str, Any] = field(default_factory=dict)


def apply(machine: WorkflowMachine, snapshot: Snapshot, step: Step, answer: models.Response) -> Applied:
    """Change `snapshot` by a successful call's answer."""
    send = step.send
    if send is None:
        raise ValueError("a step without a call has no answer")
    return _APPLY[send.operation](machine, snapshot, step, send, answer)


def move(machine: WorkflowMachine, snapshot: Snapshot, transition: str) -> None:
    """Make a transition of the current session."""
    after = machine.after(snapshot.state, transition)
    if snapshot.session is not None:
        snapshot.session.state = after


def _created(machine: WorkflowMachine, snapshot: Snapshot, step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    made = send.configuration
    state = machine.after(snapshot.state, str(step.transition))
    if answer.needs_approval:
        state = machine.after(snapshot.state, "preview")
    session = SessionRecord(session_id=answer.session_id, state=state)
    if made is not None:
        session.values, session.origins = dict(made.values), dict(made.origins)
    session.take(answer)
    earlier = snapshot.session
    snapshot.sessions[session.session_id] = session
    snapshot.current, snapshot.focus = session.session_id, None
    facts = session_facts(session)
    if earlier is not None and earlier.state != "none":
        facts["second_session"] = f"This is a second session; {earlier.session_id} stays as it is."
    return Applied("preview" if state == "draft" else "configured", facts)


def _regenerated(machine: WorkflowMachine, snapshot: Snapshot, _step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    session = snapshot.sessions[str(send.session_id)]
    move(machine, snapshot, "regenerate")
    if send.configuration is not None:
        session.values, session.origins = dict(send.configuration.values), dict(send.configuration.origins)
    session.take(answer)
    # The defaults were told when the plan was made; a change does not repeat them.
    return Applied("preview", {**session_facts(session), "assumed": None})


def _edited(machine: WorkflowMachine, snapshot: Snapshot, _step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    session = snapshot.sessions[str(send.session_id)]
    move(machine, snapshot, "edit")
    session.take(answer)
    session.edited, session.edit_unknown = True, False
    return Applied("edited", {"session_id": session.session_id, "outline": outline(session)})


def _approved(machine: WorkflowMachine, snapshot: Snapshot, _step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    move(machine, snapshot, "approve")
    session = snapshot.sessions[str(send.session_id)]
    session.take(answer)
    return Applied("approved", session_facts(session))


def _reviewed(machine: WorkflowMachine, snapshot: Snapshot, step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    session_id = str(send.session_id)
    about = ReviewOutcome(
        session_id=session_id, status=answer.status, overall_score=answer.overall_score, summary=answer.summary
    )
    if answer.status != "completed":
        return Applied(f"review_{answer.status}", {"session_id": session_id}, {"review": about})
    if step.transition and snapshot.state in machine.workflow.transitions["review"].from_:
        move(machine, snapshot, "review")
    return Applied("review_completed", review_facts(session_id, answer), {"review": about})


def _leaderboard(_m: WorkflowMachine, _s: Snapshot, _step: Step, _send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    entries = "\n".join(f"{e.rank}. {e.name}: {number(e.overall_score)}" for e in answer.entries)
    return Applied("leaderboard" if entries else "leaderboard_empty", {"entries": entries or None})


def _artifact(_m: WorkflowMachine, _s: Snapshot, _step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    kind = send.arguments["artifact_type"]
    facts = {"artifact": _ARTIFACTS.get(kind, kind), "session_id": send.session_id, "download_url": answer.download_url}
    return Applied("artifact", facts)


def artifact_missing(send: Send) -> Applied:
    """The service stores no such artifact."""
    kind = send.arguments["artifact_type"]
    return Applied("artifact_missing", {"artifact": _ARTIFACTS.get(kind, kind), "session_id": send.session_id})


def _upload(_m: WorkflowMachine, _s: Snapshot, _step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    return Applied("upload", {"session_id": send.session_id, "upload_url": answer.upload_url})


def _uploaded(_m: WorkflowMachine, _s: Snapshot, _step: Step, send: Send, _answer: Any) -> Applied:  # noqa: ANN401 - by operation
    return Applied("uploaded", {"session_id": send.session_id})


def _assigned(_m: WorkflowMachine, _s: Snapshot, _step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    body = send.arguments["request"]
    facts = {
        "round": body.round.replace("_", "-"),
        "role": body.role,
        "emails": ", ".join(body.assignee_emails),
        "batch_id": answer.batch_id,
        "assignment_ids": ", ".join(answer.assignment_ids),
    }
    return Applied("assigned", facts)


def remember_assignments(snapshot: Snapshot, answer: models.AssignmentList) -> None:
    """Keep role and round of what was listed, for practice from an assignment."""
    for row in answer.assignments:
        snapshot.assignments[row.assignment_id] = AssignmentRecord(role=row.role, round=row.round)


def assignment_lines(rows: list[models.Assignment]) -> str:
    """One line per assignment."""
    return "\n".join(
        f"- {r.assignment_id}: {r.role}, {r.round.replace('_', '-')} round, {r.status.replace('_', ' ')}" for r in rows
    )


def _listed(_m: WorkflowMachine, snapshot: Snapshot, _step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    remember_assignments(snapshot, answer)
    snapshot.listed = [row.assignment_id for row in answer.assignments if row.status in ("pending", "in_progress")]
    email = send.arguments["email"]
    if not answer.assignments:
        status = str(send.arguments["status"] or "").replace("_", " ") or "assigned"
        return Applied("assignments_none", {"email": email, "status": status})
    return Applied("assignments", {"email": email, "assignments": assignment_lines(answer.assignments)})


def _unassigned(_m: WorkflowMachine, _s: Snapshot, _step: Step, _send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    refused = "; ".join(f"{r.email} ({r.reason})" if r.reason else r.email for r in answer.refused)
    return Applied("unassigned", {"emails": ", ".join(answer.unassigned) or None, "refused": refused or None})


def _results(_m: WorkflowMachine, _s: Snapshot, _step: Step, send: Send, answer: Any) -> Applied:  # noqa: ANN401 - by operation
    lines = []
    for row in answer.results:
        score = f", {number(row.overall_score)} out of 100" if row.overall_score is not None else ""
        summary = f". {row.summary}" if row.summary else ""
        lines.append(f"- {row.assignment_id}: {row.status.replace('_', ' ')}{score}{summary}")
    known = {row.assignment_id for row in answer.results}
    unknown = [i for i in send.arguments["request"].assignment_ids if i not in known]
    facts = {"results": "\n".join(lines) or None, "unknown_ids": ", ".join(unknown) or None}
    return Applied("results", facts)


_APPLY: dict[str, Callable[[WorkflowMachine, Snapshot, Step, Send, Any], Applied]] = {
    "preview": _created,
    "configure": _created,
    "regenerate": _regenerated,
    "edit_questions": _edited,
    "approve": _approved,
    "review": _reviewed,
    "leaderboard": _leaderboard,
    "artifact": _artifact,
    "upload_url": _upload,
    "video_uploaded": _uploaded,
    "create_assignments": _assigned,
    "list_assignments": _listed,
    "unassign": _unassigned,
    "results_bulk": _results,
}
