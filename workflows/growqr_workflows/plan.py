"""Decide, purely, what a turn does: snapshot + decision -> step. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from growqr_router import Decision
from growqr_rules import Pack
from growqr_rules.workflow import Workflow
from growqr_workflows import questions
from growqr_workflows.configuration import Configuration, configure, to_request
from growqr_workflows.outcome import Handoff, Origin
from growqr_workflows.principal import Principal
from growqr_workflows.service import models
from growqr_workflows.snapshot import Request, SessionRecord, Snapshot
from growqr_workflows.step import Send, Step, refuse, say

_RETRY_WORDS = 6
"""A message with the `retry` cue and no more words than this repeats what failed, whatever else it was read as."""
_KEPT_IN_ASK = frozenset({"emails", "round", "target_role", "assignment_ids", "status"})


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a step is decided from."""

    snapshot: Snapshot
    decision: Decision
    text: str
    principal: Principal
    pack: Pack
    workflow: Workflow

    @property
    def slots(self) -> dict[str, Any]:
        """The decision's slots."""
        return dict(self.decision.slots)

    @property
    def session(self) -> SessionRecord | None:
        """The current session."""
        return self.snapshot.session

    @property
    def open_draft(self) -> SessionRecord | None:
        """The current session while it can still be changed."""
        session = self.session
        return session if session and session.state in ("draft", "edited") else None

    def cue(self, *names: str) -> bool:
        """Whether one of the cues is in the message."""
        return any(name in self.decision.cues for name in names)

    @property
    def subject(self) -> str | None:
        """The session that the message is about: named in it, or in focus, or current."""
        return self.decision.slots.get("session_id") or self.snapshot.focus or self.snapshot.current  # type: ignore[return-value]


def plan(turn: Turn) -> Step:
    """What to do about a message."""
    turn = _with_what_was_asked(turn)
    repeated = _repeat(turn)
    if repeated is not None:
        return repeated
    decision = turn.decision
    if decision.route != turn.pack.manifest.home:
        return _hand_off(turn)
    refusal = _refusal(turn)
    if refusal is not None:
        return refusal
    intent = decision.intent or ""
    clarify = _clarify(turn, intent)
    step = clarify or _STEPS[intent](turn)
    named = turn.slots.get("session_id")
    return replace(step, focus=str(named)) if named else step


def _with_what_was_asked(turn: Turn) -> Turn:
    """Fill in the slots that an unanswered question of the same intent already has."""
    asked = turn.snapshot.asked
    if asked is None or turn.decision.route != turn.pack.manifest.home:
        return turn
    answers = asked.expects in turn.decision.slots or turn.decision.intent == asked.intent
    if not answers or (turn.decision.intent not in (asked.intent, None) and asked.expects not in turn.decision.slots):
        return turn
    merged = {**{k: v for k, v in asked.slots.items() if k in _KEPT_IN_ASK}, **turn.decision.slots}
    return replace(turn, decision=replace(turn.decision, intent=asked.intent, slots=merged))


def _repeat(turn: Turn) -> Step | None:
    """On "try again": the failed request with its slots, under what the message adds."""
    failed = turn.snapshot.failed
    if not turn.cue("retry"):
        return None
    short = len(turn.text.split()) <= _RETRY_WORDS
    if failed is None:
        bare = short and not turn.decision.slots and len(turn.text.split()) <= 3 and turn.session is None
        return say("retry_nothing") if bare else None
    if not short and turn.decision.intent != failed.intent:
        return None
    slots = {**failed.slots, **(turn.decision.slots if turn.decision.intent == failed.intent else {})}
    decision = replace(
        turn.decision, route=str(turn.pack.manifest.home), intent=failed.intent, slots=slots, cues=(), spans={},
        confidence=1.0,
    )  # fmt: skip
    again = replace(turn, decision=decision, text=failed.text)
    step = _STEPS[failed.intent](again)
    if failed.unknown and failed.intent == "assignment.create" and step.send is not None:
        return replace(step, lookup=_list_first(again))
    if failed.unknown and failed.intent in ("practice.preview", "practice.start"):
        return replace(step, notes={**step.notes, "duplicate": "yes"})
    return step


def _list_first(turn: Turn) -> Send:
    """The GET that tells whether an assignment of unknown outcome was made."""
    arguments = {"email": turn.slots["emails"][0], "status": "all", "limit": None}
    return Send("list_assignments", "check the assignments", arguments)


def _hand_off(turn: Turn) -> Step:
    route = turn.decision.route
    session = turn.session
    kept = f"Your plan (session {session.session_id}) stays as it is." if session and turn.open_draft else None
    context = {"state": turn.snapshot.state, "session_id": session.session_id if session else None}
    handoff = Handoff(agent=route, message=turn.text, context=context)
    return Step(f"handoff_{route}", kind="handoff", facts={"draft_kept": kept}, handoff=handoff)


def _refusal(turn: Turn) -> Step | None:
    """What is refused whatever else the message asks."""
    intent = turn.decision.intent or ""
    if turn.cue("fabricate"):
        return refuse("refuse_fabricate")
    if intent in turn.workflow.admin_intents and turn.principal.role != "admin":
        return refuse("refuse_admin")
    if turn.cue("other_person") and intent in ("review.show", "artifact.download") and "session_id" not in turn.slots:
        return refuse("refuse_other")
    if turn.cue("informal") and intent in ("practice.preview", "practice.start") and not turn.open_draft:
        return refuse("refuse_informal")
    return None


def _clarify(turn: Turn, intent: str) -> Step | None:
    """One short question, where the guess is too weak for what acting on it would do."""
    effect = turn.pack.rules_of(intent).effect
    threshold = turn.pack.manifest.thresholds.clarify.get(effect, 0.0)
    if turn.decision.confidence >= threshold or not turn.decision.alternatives or turn.snapshot.asked is not None:
        return None
    other = turn.decision.alternatives[0]
    first = turn.pack.rules_of(intent).says
    second = turn.pack.rules_of(other.intent or other.route).says
    asked = Request(intent=intent, text=turn.text, slots=turn.slots, origins=_origins(turn), expects="intent")
    facts = {"first": first.rstrip(".").lower(), "second": second.rstrip(".").lower()}
    return Step("clarify", kind="question", facts=facts, asked=asked)


def _origins(turn: Turn) -> dict[str, Origin]:
    return {
        name: Origin(origin=spans[-1].origin, requested=spans[-1].requested)
        for name, spans in turn.decision.spans.items()
        if spans
    }


def _request(turn: Turn) -> Request:
    return Request(intent=turn.decision.intent or "", text=turn.text, slots=turn.slots, origins=_origins(turn))


def _carried(session: SessionRecord | None) -> Configuration | None:
    return Configuration(dict(session.values), dict(session.origins)) if session else None


def _configuration(turn: Turn, carried: Configuration | None) -> Configuration:
    slots = turn.slots
    origins = _origins(turn) or (dict(turn.snapshot.failed.origins) if turn.snapshot.failed else {})
    assignment = (slots.get("assignment_ids") or [None])[0]
    if assignment:
        slots["assignment_id"] = assignment
        known = turn.snapshot.assignments.get(assignment)
        if known is not None:
            role = known.role.lower()
            coding = any(word in role.replace("-", " ").split() for word in turn.workflow.coding_words)
            kind = turn.workflow.assignment_rounds.get(known.round, known.round)
            slots.setdefault("target_role", known.role)
            slots.setdefault("interview_type", "coding" if known.round == "technical" and coding else kind)
    return configure(turn.workflow, slots, origins, carried)


def _plan_request(turn: Turn, *, start: bool) -> Step:
    """A new session: planned first, or real at once."""
    wanted = (turn.slots.get("assignment_ids") or [None])[0]
    if wanted and wanted not in turn.snapshot.assignments and turn.principal.email:
        arguments = {"email": turn.principal.email, "status": "all", "limit": None}
        lookup = Send("list_assignments", "look up the assignment", arguments)
    else:
        lookup = None
    carried = _carried(turn.session) if turn.cue("same_setup") else None
    made = _configuration(turn, carried)
    request = to_request(made, turn.principal)
    operation, action = ("configure", "start the session") if start else ("preview", "prepare the plan")
    send = Send(operation, action, {"request": request}, configuration=made)
    beside = turn.session is not None and turn.session.state != "none"
    return Step(send=send, transition=operation, request=_request(turn), lookup=lookup, new_session=beside)


def _preview(turn: Turn) -> Step:
    if turn.open_draft and _same_session(turn, turn.open_draft):
        return _regenerate(turn)
    return _plan_request(turn, start=False)


def _same_session(turn: Turn, draft: SessionRecord) -> bool:
    """Whether an ask for practice fills or repeats the open draft, rather than wanting another session."""
    if turn.cue("new_session") or turn.slots.get("assignment_ids"):
        return False
    for name in ("target_role", "company_name"):
        said, known = turn.slots.get(name), draft.values.get(name)
        if said and known and str(said).lower() != str(known).lower():
            return False
    return True


def _start(turn: Turn) -> Step:
    session = turn.session
    if turn.open_draft and _same_session(turn, turn.open_draft):
        return _approve(turn)
    if session and session.state == "approved" and not turn.slots and not turn.cue("new_session"):
        return _launch(turn)
    return _plan_request(turn, start=True)


_STEPS_OF_MINUTES = (5, 10, 15)


def _regenerate(turn: Turn) -> Step:
    session = turn.session
    if session is None or session.state == "none":
        return _plan_request(turn, start=False) if turn.slots.get("target_role") else refuse("refuse_no_draft")
    if session.state not in ("draft", "edited"):
        return refuse("refuse_change_approved")
    made = _configuration(turn, _carried(session))
    if "duration_minutes" not in turn.slots and turn.cue("shorter", "longer"):
        at = _STEPS_OF_MINUTES.index(made.values["duration_minutes"]) + (1 if turn.cue("longer") else -1)
        minutes = _STEPS_OF_MINUTES[min(max(at, 0), len(_STEPS_OF_MINUTES) - 1)]
        made.put("duration_minutes", minutes, Origin(origin="mapped"))
    feedback = str(turn.slots.get("planner_feedback") or turn.text)
    request = to_request(made, turn.principal, draft=session.session_id, feedback=feedback)
    send = Send("regenerate", "change the plan", {"request": request}, session.session_id, made)
    notes = {"own_questions": "Your own questions may have been replaced by this new plan."}
    return Step(send=send, transition="regenerate", request=_request(turn), notes=notes if session.edited else {})


def _edit(turn: Turn) -> Step:
    session = turn.session
    if session is None or session.state == "none":
        return refuse("refuse_no_draft")
    if session.state not in ("draft", "edited"):
        return refuse("refuse_edit_approved")
    if session.edited and not session.edit_unknown:
        return refuse("refuse_edit_twice")
    ops, texts = turn.slots.get("question_ops", []), turn.slots.get("questions", [])
    try:
        wanted = questions.edit(session.question_outline, ops, texts)
    except (questions.NeedTextError, questions.NoSuchQuestionError):
        return Step("ask_questions", kind="question", asked=replace_expects(_request(turn), "questions"))
    if not wanted:
        return Step("ask_questions", kind="question", asked=replace_expects(_request(turn), "questions"))
    body = models.QuestionsRequest(session_id=session.session_id, questions=wanted)
    send = Send("edit_questions", "save your questions", {"request": body}, session.session_id)
    return Step(send=send, transition="edit", request=_request(turn))


def replace_expects(request: Request, slot: str) -> Request:
    """The request, waiting for `slot`."""
    return request.model_copy(update={"expects": slot})


def _approve(turn: Turn) -> Step:
    session = turn.session
    if session is None or session.state == "none":
        return refuse("refuse_no_draft")
    if session.state == "approved":
        return _launch(turn) if turn.cue("go_now") else say("approved", session_id=session.session_id)
    if session.state not in ("draft", "edited"):
        return refuse("refuse_change_approved")
    body = models.ApproveRequest(session_id=session.session_id)
    send = Send("approve", "approve the plan", {"request": body}, session.session_id)
    return Step(send=send, transition="approve", request=_request(turn))


def _launch(turn: Turn) -> Step:
    session = turn.session
    if session is None or session.state == "none":
        return refuse("refuse_launch_none")
    if session.state in ("draft", "edited"):
        return refuse("refuse_launch_early")
    if session.state == "reviewed":
        return refuse("refuse_launch_over")
    return Step("launch", kind="handover")


def _review(turn: Turn) -> Step:
    subject = turn.subject
    if subject is None:
        return Step("review_which", kind="question", asked=replace_expects(_request(turn), "session_id"))
    session = turn.snapshot.sessions.get(subject)
    if session is not None and session.state in ("draft", "edited"):
        return refuse("refuse_launch_early")
    send = Send("review", "get the review", {"session_id": subject}, subject)
    transition = "review" if subject == turn.snapshot.current else None
    return Step(send=send, transition=transition, request=_request(turn))


def _leaderboard(turn: Turn) -> Step:
    arguments = {"org_id": turn.principal.org_id, "limit": turn.slots.get("limit")}
    return Step(send=Send("leaderboard", "get the leaderboard", arguments), request=_request(turn))


def _about_a_session(operation: str, action: str) -> Callable[[Turn], Step]:
    def step(turn: Turn) -> Step:
        subject = turn.subject
        if subject is None:
            return Step("ask_session", kind="question", asked=replace_expects(_request(turn), "session_id"))
        arguments: dict[str, Any] = {"session_id": subject}
        if operation == "artifact":
            arguments["artifact_type"] = turn.slots.get("artifact_type", "session_video")
        return Step(send=Send(operation, action, arguments, subject), request=_request(turn))

    return step


def _assign(turn: Turn) -> Step:
    slots = turn.slots
    names = {
        "emails": "the e-mail addresses",
        "target_role": "the role",
        "round": "the round (warm-up, behavioral or technical)",
    }
    missing = [name for name in names if not slots.get(name)]
    if missing:
        asked = replace_expects(_request(turn), missing[0])
        rest = [names[name] for name in missing]
        if "emails" in missing:
            return Step("ask_emails", kind="question", facts={"also": " and ".join(rest[1:]) or None}, asked=asked)
        return Step("ask_assign_rest", kind="question", facts={"missing": " and ".join(rest)}, asked=asked)
    body = models.AssignRequest(
        organization_id=turn.principal.org_id,
        role=slots["target_role"],
        round=slots["round"],
        assignee_emails=slots["emails"],
    )
    return Step(send=Send("create_assignments", "make the assignment", {"request": body}), request=_request(turn))


def _list(turn: Turn) -> Step:
    slots = turn.slots
    email = (slots.get("emails") or [turn.principal.email])[0]
    if email is None:
        return Step("ask_own_email", kind="question", asked=replace_expects(_request(turn), "emails"))
    if turn.principal.role != "admin" and email != (turn.principal.email or "").lower():
        return refuse("refuse_other")
    arguments = {"email": email, "status": slots.get("status"), "limit": slots.get("limit")}
    return Step(send=Send("list_assignments", "list the assignments", arguments), request=_request(turn))


def _unassign(turn: Turn) -> Step:
    emails = turn.slots.get("emails")
    if not emails:
        return Step("ask_unassign_emails", kind="question", asked=replace_expects(_request(turn), "emails"))
    body = models.UnassignRequest(organization_id=turn.principal.org_id, emails=emails)
    return Step(send=Send("unassign", "take the assignment back", {"request": body}), request=_request(turn))


def _results(turn: Turn) -> Step:
    ids = turn.slots.get("assignment_ids")
    if not ids:
        return Step("ask_results_ids", kind="question", asked=replace_expects(_request(turn), "assignment_ids"))
    body = models.ResultsRequest(organization_id=turn.principal.org_id, assignment_ids=ids)
    return Step(send=Send("results_bulk", "get the results", {"request": body}), request=_request(turn))


_MEANINGS = {
    "draft": "It is a draft and not approved yet: it needs your approval.",
    "edited": "It is a draft with your own questions and not approved yet: it needs your approval.",
    "approved": "It is approved and ready to go live.",
    "live": "It is live.",
    "reviewed": "It is over and its review is there.",
}


def _status(turn: Turn) -> Step:
    session = turn.session
    if session is None or session.state == "none":
        return say("status_none")
    return say("status", state=session.state, meaning=_MEANINGS[session.state])


def _help(_turn: Turn) -> Step:
    return say("help")


def _cancel(turn: Turn) -> Step:
    if turn.session is None or turn.session.state == "none":
        return say("start_over" if turn.cue("start_over") else "cancelled_none")
    if turn.cue("hold", "pause") and not turn.cue("start_over"):
        return say("hold")
    return Step("start_over" if turn.cue("start_over") else "cancelled", transition="cancel")


_STEPS: dict[str, Callable[[Turn], Step]] = {
    "practice.preview": _preview,
    "practice.start": _start,
    "draft.regenerate": _regenerate,
    "draft.edit_questions": _edit,
    "draft.approve": _approve,
    "session.launch": _launch,
    "review.show": _review,
    "leaderboard.show": _leaderboard,
    "artifact.download": _about_a_session("artifact", "get the download link"),
    "video.upload": _about_a_session("upload_url", "get an upload link"),
    "video.confirm": _about_a_session("video_uploaded", "confirm the upload"),
    "assignment.create": _assign,
    "assignment.list": _list,
    "assignment.unassign": _unassign,
    "assignment.results": _results,
    "session.status": _status,
    "help": _help,
    "cancel": _cancel,
}
