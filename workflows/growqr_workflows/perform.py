"""Carry out one turn: route, plan, call, take the answer in, say what came of it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from growqr_router import Context, Decision, Router
from growqr_rules.replies import render
from growqr_workflows.answer import Answer, ClientEvent, Message
from growqr_workflows.apply import (
    Applied,
    apply,
    artifact_missing,
    assignment_lines,
    move,
    remember_assignments,
)
from growqr_workflows.facts import session_facts
from growqr_workflows.handoff import OtherAgents, PassedOn
from growqr_workflows.machine import NotAllowedError, WorkflowMachine
from growqr_workflows.observer import Observer
from growqr_workflows.outcome import Handoff, Handover, Outcome, OutcomeError
from growqr_workflows.planning import Turn, assignment_lookup, plan
from growqr_workflows.principal import Principal
from growqr_workflows.service import (
    OPERATIONS,
    SESSION_PATH,
    Call,
    CallRecord,
    Interrupted,
    InterviewService,
    Malformed,
    NotFound,
    Rejected,
    ServiceError,
    UnknownOutcome,
)
from growqr_workflows.snapshot import Request, Snapshot
from growqr_workflows.step import Send, Step
from growqr_workflows.store import Effect, EffectStatus


@dataclass(slots=True)
class Work:
    """One turn under way: what it starts from, and what it has come to so far."""

    conversation_id: str
    key: str
    """The turn's own idempotency key: the same for every attempt."""
    principal: Principal
    snapshot: Snapshot
    """Changed as the turn goes on."""
    interrupted: tuple[Effect, ...]
    """Calls of an earlier attempt whose end nobody wrote down."""
    note: Callable[[Effect], Awaitable[None]]
    """Writes an effect down, before it is sent."""
    context: Context = field(default_factory=Context)
    decision: Decision | None = None
    calls: list[CallRecord] = field(default_factory=list)
    effects: dict[str, EffectStatus] = field(default_factory=dict)

    def lost(self, operation: str) -> Effect | None:
        """An interrupted call of `operation` that must not be sent again."""
        effects = (e for e in self.interrupted if e.operation == operation)
        return next((e for e in effects if OPERATIONS[e.operation].retry != "safe"), None)


Said = tuple[Applied, dict[str, Any]]
"""The reply with its facts, and fields of the outcome."""
_SHORT = 1000
"""Characters up to which going to a thread and back takes a good part of what reading takes."""


class Performer:
    """Carries out turns. Holds nothing of any conversation."""

    def __init__(
        self,
        router: Router,
        service: InterviewService,
        machine: WorkflowMachine,
        *,
        others: OtherAgents | None,
        observer: Observer,
        own_sessions_only: bool,
        ids: Callable[[], str],
    ) -> None:
        """Without `others` a hand-off is left to whoever reads the outcome; `ids` makes idempotency keys."""
        self._router = router
        self._service = service
        self._workflow = machine.workflow
        self._others = others
        self._observer = observer
        self._own_sessions_only = own_sessions_only
        self._ids = ids
        self.machine = machine

    async def perform(self, work: Work, message: Message) -> Answer:
        """Do what a message or event asks, and answer it; a failure of the service is an answer too.

        Raises:
            StoreError: an effect could not be written down, so it was not sent.
        """
        if isinstance(message, ClientEvent):
            return self._answer(work, *await self._event(work, message))
        return self._answer(work, *await self._message(work, message))

    def give_up(self, work: Work) -> Answer:
        """Answer a message that was begun several times and never finished."""
        if work.interrupted:
            return self._answer(work, *self._interrupted(work.interrupted[0]))
        told = OutcomeError(kind="gave_up", operation="", retryable=True)
        return self._answer(work, Applied("gave_up", {}), {"kind": "error", "error": told})

    async def _message(self, work: Work, text: str) -> Said:
        snapshot = work.snapshot
        asked = snapshot.asked
        work.context = Context(
            state=snapshot.state,
            role=work.principal.role,
            last_intent=asked.intent if asked else snapshot.last_intent,
            expects=asked.expects if asked else None,
            draft=snapshot.session.values if snapshot.session else {},
        )
        work.decision = decision = await self._route(text, work.context)
        turn = Turn(
            snapshot=snapshot,
            decision=decision,
            text=text,
            principal=work.principal,
            pack=self._router.pack,
            workflow=self._workflow,
            fill=lambda intent: self._router.slots(text, intent, work.context),
        )
        step = plan(turn)
        planned = step.send.operation if step.send else None
        elsewhere = next((e for e in work.interrupted if e.operation != planned and work.lost(e.operation)), None)
        if elsewhere is not None:
            return self._interrupted(elsewhere)
        if step.send is not None and planned == "create_assignments" and work.lost(planned):
            step = replace(step, lookup=assignment_lookup(step.send.arguments["request"].assignee_emails))
        if step.lookup is not None:
            looked = await self._look_up(work, step)
            if looked is not None:
                return looked
            step = plan(turn)
        if step.handoff is not None and self._others is not None:
            return await self._hand_off(work, step, step.handoff, self._others)
        snapshot.focus = step.focus or snapshot.focus
        snapshot.asked = step.asked
        snapshot.last_intent = decision.intent or snapshot.last_intent
        if step.send is None:
            return self._without_call(work, step)
        return await self._with_call(work, step, step.send)

    async def _route(self, text: str, context: Context) -> Decision:
        """Route; a long text in a thread, so that it does not keep other conversations waiting."""
        with self._observer.span("route") as span:
            if len(text) <= _SHORT:
                decision = self._router.route(text, context)
            else:
                decision = await asyncio.to_thread(self._router.route, text, context)
            span.set_attribute("growqr.route", decision.route)
            span.set_attribute("growqr.stage", decision.stage)
        return replace(decision, evidence=tuple(decision.evidence))  # it is stored with the answer

    async def _hand_off(self, work: Work, step: Step, handoff: Handoff, others: OtherAgents) -> Said:
        """Bring another agent's answer into the conversation; where it fails, that is told and nothing changes."""
        passed = PassedOn(
            handoff=handoff,
            principal=work.principal,
            conversation_id=work.conversation_id,
            key=work.key,
            record=work.calls.append,
        )
        agent = render(self._router.pack.replies[f"agent_{handoff.agent}"], {})
        facts = {**step.facts, "agent": agent}
        try:
            with self._observer.span("call") as span:
                span.set_attribute("growqr.operation", f"handoff.{handoff.agent}")
                answer = await others.ask(passed)
        except ServiceError as error:
            told = OutcomeError(kind=error.kind, operation=error.operation, retryable=error.retryable)
            return Applied("handoff_failed", facts), {"kind": "error", "handoff": handoff, "error": told}
        work.snapshot.asked = None
        reply = "handoff_nobody" if answer is None else "handoff_answered"
        return Applied(reply, {**facts, "answer": answer}), {"kind": "handoff", "handoff": handoff}

    async def _look_up(self, work: Work, step: Step) -> Said | None:
        """Make the GET a step waits for; an answer of its own where it fails or settles the matter."""
        lookup = step.lookup
        if lookup is None:
            return None
        try:
            listed = await self._call(work, lookup)
        except ServiceError as error:
            return self._failed(work, step, lookup, error)
        remember_assignments(work.snapshot, listed)
        if step.send is None or step.send.operation != "create_assignments":
            return None
        body = step.send.arguments["request"]
        made = [
            row
            for row in listed.assignments
            if row.role.lower() == body.role.lower() and row.round == body.round and row.status != "unassigned"
        ]
        work.snapshot.failed = None
        if made:
            return Applied("assigned_already", {"assignments": assignment_lines(made)}), {"kind": "answer"}
        return await self._with_call(work, step, step.send)

    def _without_call(self, work: Work, step: Step) -> Said:
        snapshot = work.snapshot
        outcome: dict[str, Any] = {"kind": step.kind, "handoff": step.handoff}
        session = snapshot.session
        facts = {**(session_facts(session) if session else {}), **step.facts}
        if step.transition:
            move(self.machine, snapshot, step.transition)
            if snapshot.state == self._workflow.initial:
                snapshot.current = snapshot.focus = None
        if step.kind == "handover" and session is not None:
            path = SESSION_PATH.format(session_id=session.session_id)
            facts["path"] = path
            outcome["handover"] = Handover(path=path, session_id=session.session_id)
        return Applied(step.reply, facts), outcome

    async def _with_call(self, work: Work, step: Step, send: Send) -> Said:
        try:
            answer = await self._call(work, send)
        except ServiceError as error:
            return self._failed(work, step, send, error)
        work.snapshot.failed = None
        applied = apply(self.machine, work.snapshot, step, answer)
        applied.facts.update(step.notes)
        return applied, {"kind": "answer"}

    async def _call(self, work: Work, send: Send) -> Any:  # noqa: ANN401 - the answer's model depends on the operation
        """Note the effect, send, note how it ended."""
        if work.lost(send.operation):
            raise Interrupted(send.operation)
        if self._own_sessions_only and send.session_id and send.session_id not in work.snapshot.sessions:
            raise NotFound(send.operation)
        request_hash = _hash(send)
        # The same call of an interrupted attempt goes out under its own key again.
        earlier = (e.key for e in work.interrupted if (e.operation, e.request_hash) == (send.operation, request_hash))
        key = next(earlier, None) or self._ids()
        call = Call(principal=work.principal, key=key, record=work.calls.append)
        effect = OPERATIONS[send.operation].method == "POST"
        if effect:
            await work.note(Effect(key, send.operation, request_hash, send.action))
        method = "preview" if send.operation == "regenerate" else send.operation
        try:
            with self._observer.span("call") as span:
                span.set_attribute("growqr.operation", send.operation)
                answer = await getattr(self._service, method)(call, **send.arguments)
        except ServiceError as error:
            if effect:
                work.effects[key] = "unknown" if _may_be_applied(send, error) else "done"
            raise
        if effect:
            work.effects[key] = "done"
        return answer

    def _failed(self, work: Work, step: Step, send: Send, error: ServiceError) -> Said:
        """Tell a failure plainly; the state stays, and the request is kept for "try again"."""
        snapshot = work.snapshot
        session = snapshot.sessions.get(send.session_id or "")
        unknown = _may_be_applied(send, error)
        if send.operation == "edit_questions" and session is not None:
            if isinstance(error, Rejected) and session.edit_unknown:
                move(self.machine, snapshot, "edit")
                session.edited, session.edit_unknown = True, False
                return Applied("edit_applied", {"session_id": session.session_id}), {"kind": "answer"}
            session.edit_unknown = session.edit_unknown or unknown
        if step.request is not None:
            # A check that failed leaves open what it was to find out.
            unknown = unknown or (send is step.lookup and step.send is not None)
            snapshot.failed = step.request.model_copy(update={"unknown": unknown, "action": send.action})
        told = OutcomeError(kind=error.kind, operation=send.operation, retryable=error.retryable)
        if send.operation == "artifact" and isinstance(error, NotFound):
            return artifact_missing(send), {"kind": "error", "error": told}
        return Applied(error.reply, {"action": send.action, "detail": error.detail}), {"kind": "error", "error": told}

    @staticmethod
    def _interrupted(lost: Effect) -> Said:
        """Tell of a call that today's reading of the message would not make."""
        told = OutcomeError(kind=UnknownOutcome.kind, operation=lost.operation, retryable=False)
        return Applied("error_interrupted", {"action": lost.action}), {"kind": "error", "error": told}

    async def _event(self, work: Work, event: ClientEvent) -> Said:
        snapshot = work.snapshot
        session_id = event.session_id or snapshot.focus or snapshot.current
        if event.kind == "video_uploaded" and session_id is not None:
            send = Send("video_uploaded", "confirm the upload", {"session_id": session_id}, session_id)
            request = Request(intent="video.confirm", text="", slots={"session_id": session_id})
            return await self._with_call(work, Step(send=send, request=request), send)
        if event.kind == "session_live" and session_id is not None and session_id == snapshot.current:
            try:
                move(self.machine, snapshot, "launch")
            except NotAllowedError:
                return Applied("refuse_launch_early", {}), {"kind": "refusal"}
        reply = "event_live" if event.kind == "session_live" else "event_ended"
        return Applied(reply, {"session_id": session_id}), {"kind": "event"}

    def _answer(self, work: Work, applied: Applied, outcome: dict[str, Any]) -> Answer:
        replies = self._router.pack.replies
        text = render(replies[applied.reply], applied.facts)
        if applied.facts.get("duplicate"):
            text += "\n" + render(replies["duplicate_warning"], {})
        session = work.snapshot.session
        described: dict[str, Any] = {}
        if session is not None:
            values = session.values
            described = {
                "session_id": session.session_id,
                "status": session.status or None,
                **{n: values.get(n) for n in ("interview_type", "target_role", "company_name", "duration_minutes")},
                **{n: values.get(n) for n in ("difficulty", "persona_id")},
                "question_outline": [item.model_dump() for item in session.question_outline] or None,
                "candidate_brief": session.candidate_brief,
                "config_origins": session.origins,
            }
        told = Outcome(reply=applied.reply, **{**described, **outcome, **applied.outcome})
        return Answer(text, told, work.decision, work.snapshot.state, tuple(work.calls))


def _may_be_applied(send: Send, error: ServiceError) -> bool:
    """Whether a failed call may have had its effect: no answer came, or one that breaks the contract."""
    effect = OPERATIONS[send.operation].method == "POST"
    return isinstance(error, UnknownOutcome) or (effect and isinstance(error, Malformed))


def _hash(send: Send) -> str:
    arguments = sorted(
        (name, getattr(value, "model_dump_json", lambda v=value: v)()) for name, value in send.arguments.items()
    )
    return hashlib.sha256(repr((send.operation, arguments)).encode()).hexdigest()
