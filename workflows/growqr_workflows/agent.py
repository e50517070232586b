"""The agent: one message or client event in, one honest answer out."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from growqr_router import Context, Decision, Router
from growqr_rules.replies import render
from growqr_workflows.apply import (
    Applied,
    apply,
    artifact_missing,
    assignment_lines,
    move,
    remember_assignments,
)
from growqr_workflows.facts import session_facts
from growqr_workflows.machine import NotAllowedError, WorkflowMachine
from growqr_workflows.outcome import Handover, Outcome, OutcomeError
from growqr_workflows.planning import Turn, plan
from growqr_workflows.principal import Principal
from growqr_workflows.service import (
    SESSION_PATH,
    Call,
    CallRecord,
    InterviewService,
    Malformed,
    NotFound,
    Rejected,
    ServiceError,
    UnknownOutcome,
)
from growqr_workflows.service.operations import OPERATIONS
from growqr_workflows.snapshot import Request, Snapshot
from growqr_workflows.step import Send, Step
from growqr_workflows.store import Claim, Effect, Store


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """Something that happened at the client's frontend."""

    kind: Literal["session_live", "session_ended", "video_uploaded"]
    session_id: str | None = None
    """Default: the current session."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agent says, for people and for other agents."""

    text: str
    outcome: Outcome
    decision: Decision | None
    """None for client events."""
    state: str
    calls: tuple[CallRecord, ...] = ()


@dataclass(slots=True)
class _Work:
    """One turn under way."""

    claim: Claim
    principal: Principal
    snapshot: Snapshot
    decision: Decision | None = None
    calls: list[CallRecord] = field(default_factory=list)


class Agent:
    """Holds conversations. One per process; conversations live in the store, so that any worker can go on with them."""

    def __init__(
        self,
        router: Router,
        service: InterviewService,
        store: Store,
        *,
        ids: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        """`ids` makes idempotency keys. Raises `ValueError` when the router's pack has no workflow."""
        workflow = router.pack.workflow
        if workflow is None:
            raise ValueError(f"the pack {router.pack.manifest.name} has no workflow.yaml")
        self._router = router
        self._service = service
        self._store = store
        self._ids = ids
        self._workflow = workflow
        self.machine = WorkflowMachine(workflow)

    async def handle(
        self, conversation_id: str, principal: Principal, message_id: str, message: str | ClientEvent
    ) -> Answer:
        """Answer one message or event; the same message id gets the same answer, and nothing is sent twice.

        Raises:
            StoreError: the message id came with another content, the conversation is another person's, or is busy.
        """
        payload = hashlib.sha256(repr(message).encode()).hexdigest()
        claim = await self._store.claim(conversation_id, principal, message_id, payload)
        if claim.answer is not None:
            return claim.answer  # type: ignore[no-any-return] # what `commit` was given
        work = _Work(claim, principal, claim.snapshot)
        try:
            applied, outcome = await (
                self._event(work, message) if isinstance(message, ClientEvent) else self._message(work, message)
            )
            answer = self._answer(work, applied, outcome)
            await self._store.commit(claim, work.snapshot, answer)
        finally:
            await self._store.release(claim)
        return answer

    async def state(self, conversation_id: str, principal: Principal) -> Snapshot:
        """What the conversation remembers. Raises `StoreError` when it is another person's."""
        return await self._store.read(conversation_id, principal)

    async def _message(self, work: _Work, text: str) -> tuple[Applied, dict[str, Any]]:
        snapshot = work.snapshot
        context = Context(
            state=snapshot.state,
            role=work.principal.role,
            last_intent=snapshot.last_intent,
            expects=snapshot.asked.expects if snapshot.asked else None,
            draft=snapshot.session.values if snapshot.session else {},
        )
        work.decision = self._router.route(text, context)
        turn = Turn(
            snapshot=snapshot,
            decision=work.decision,
            text=text,
            principal=work.principal,
            pack=self._router.pack,
            workflow=self._workflow,
            fill=lambda intent: self._router.slots(text, intent, context),
        )
        step = plan(turn)
        if step.lookup is not None:
            looked = await self._look_up(work, step)
            if looked is not None:
                return looked
            step = plan(turn)
        snapshot.focus = step.focus or snapshot.focus
        snapshot.asked = step.asked
        snapshot.last_intent = work.decision.intent or snapshot.last_intent
        if step.send is None:
            return self._without_call(work, step)
        return await self._with_call(work, step, step.send)

    async def _look_up(self, work: _Work, step: Step) -> tuple[Applied, dict[str, Any]] | None:
        """Make the GET a step waits for; an answer of its own where it fails or settles the matter."""
        lookup = step.lookup
        if lookup is None:
            return None
        try:
            listed = await self._call(work, lookup)
        except ServiceError as error:
            return self._failed(work, step, lookup, error)
        remember_assignments(work.snapshot, listed)
        body = step.send.arguments.get("request") if step.send and step.send.operation == "create_assignments" else None
        if body is not None:
            made = [
                row
                for row in listed.assignments
                if row.role.lower() == body.role.lower() and row.round == body.round and row.status != "unassigned"
            ]
            if made:
                work.snapshot.failed = None
                return Applied("assigned_already", {"assignments": assignment_lines(made)}), {"kind": "answer"}
            work.snapshot.failed = None
            return await self._with_call(work, step, step.send) if step.send else None
        return None

    def _without_call(self, work: _Work, step: Step) -> tuple[Applied, dict[str, Any]]:
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

    async def _with_call(self, work: _Work, step: Step, send: Send) -> tuple[Applied, dict[str, Any]]:
        try:
            answer = await self._call(work, send)
        except ServiceError as error:
            return self._failed(work, step, send, error)
        work.snapshot.failed = None
        applied = apply(self.machine, work.snapshot, step, answer)
        applied.facts.update(step.notes)
        return applied, {"kind": "answer"}

    async def _call(self, work: _Work, send: Send) -> Any:  # noqa: ANN401 - the answer's model depends on the operation
        """Note the effect, send, note how it ended."""
        key = self._ids()
        call = Call(principal=work.principal, key=key, record=work.calls.append)
        effect = OPERATIONS[send.operation].method == "POST"
        if effect:
            await self._store.note(work.claim, Effect(key, send.operation, "in_flight"))
        method = "preview" if send.operation == "regenerate" else send.operation
        try:
            answer = await getattr(self._service, method)(call, **send.arguments)
        except UnknownOutcome:
            await self._store.note(work.claim, Effect(key, send.operation, "unknown"))
            raise
        if effect:
            await self._store.note(work.claim, Effect(key, send.operation, "done"))
        return answer

    def _failed(self, work: _Work, step: Step, send: Send, error: ServiceError) -> tuple[Applied, dict[str, Any]]:
        """Tell a failure plainly; the state stays, and the request is kept for "try again"."""
        snapshot = work.snapshot
        session = snapshot.sessions.get(send.session_id or "")
        if send.operation == "edit_questions" and session is not None:
            if isinstance(error, Rejected) and session.edit_unknown:
                move(self.machine, snapshot, "edit")
                session.edited, session.edit_unknown = True, False
                return Applied("edit_applied", {"session_id": session.session_id}), {"kind": "answer"}
            session.edit_unknown = session.edit_unknown or _may_be_applied(send, error)
        if step.request is not None:
            unknown = _may_be_applied(send, error)
            snapshot.failed = step.request.model_copy(update={"unknown": unknown, "action": send.action})
        told = OutcomeError(kind=error.kind, operation=send.operation, retryable=error.retryable)
        if send.operation == "artifact" and isinstance(error, NotFound):
            return artifact_missing(send), {"kind": "error", "error": told}
        facts = {"action": send.action, "detail": error.detail}
        return Applied(f"error_{error.kind}", facts), {"kind": "error", "error": told}

    async def _event(self, work: _Work, event: ClientEvent) -> tuple[Applied, dict[str, Any]]:
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

    def _answer(self, work: _Work, applied: Applied, outcome: dict[str, Any]) -> Answer:
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
