"""Messages, events, and where a conversation stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import structlog

from growqr_app.server.asked import Asked
from growqr_app.server.decisions import decision_view
from growqr_app.server.models import ConversationView, SessionView, TurnAnswer
from growqr_app.server.problems import ApiProblem, invalid, not_found
from growqr_workflows import Busy, ClientEvent, Conflict, NotYours, Snapshot, StoreError
from growqr_workflows.answer import Message
from growqr_workflows.snapshot import SessionRecord

_LOG = structlog.get_logger(__name__)
CONVERSATION_ID = r"[A-Za-z0-9][A-Za-z0-9._~:@\-]{0,199}"
"""A pattern; ids are chosen by clients, best at random."""
_MESSAGE_ID = r"[!-~]{1,200}"


async def take_message(asked: Asked) -> TurnAnswer:
    """Answer what a person says."""
    return await _turn(asked, asked.body.text)


async def take_event(asked: Asked) -> TurnAnswer:
    """Answer what happened at the client."""
    return await _turn(asked, ClientEvent(asked.body.kind, asked.body.session_id))


async def show(asked: Asked) -> ConversationView:
    """Where a conversation stands."""
    conversation_id, snapshot, turns = await own_conversation(asked)
    sessions = [_session(session) for session in snapshot.sessions.values()]
    return ConversationView(
        conversation_id=conversation_id,
        state=snapshot.state,
        session=_session(snapshot.session) if snapshot.session else None,
        sessions=sessions,
        expects=snapshot.asked.expects if snapshot.asked else None,
        failed=snapshot.failed.intent if snapshot.failed else None,
        turns=turns,
    )


async def own_conversation(asked: Asked) -> tuple[str, Snapshot, int]:
    """The conversation that is asked for: its id, where it stands, and how many turns were answered.

    Raises:
        ApiProblem: it is unknown or somebody else's, which look the same; or the store cannot be used.
    """
    backend, conversation_id = asked.backend, _conversation_id(asked)
    with using_store():
        snapshot = await backend.agent.state(conversation_id, asked.principal)
        turns = await backend.store.answered(conversation_id)
    if not turns:
        raise not_found()
    return conversation_id, snapshot, turns


@contextmanager
def using_store() -> Iterator[None]:
    """What goes wrong with the store is told as a problem."""
    try:
        yield
    except NotYours:
        raise not_found() from None
    except Conflict:
        raise ApiProblem(409, "conflict", "This message id was already used for another message.") from None
    except StoreError as error:
        raise _store_problem(error) from error


async def _turn(asked: Asked, message: Message) -> TurnAnswer:
    backend, conversation_id = asked.backend, _conversation_id(asked)
    turn_id = _turn_id(asked)
    with using_store():
        answer = await backend.turns.wait_for(backend.agent.handle(conversation_id, asked.principal, turn_id, message))
    return TurnAnswer(
        conversation_id=conversation_id,
        turn_id=turn_id,
        reply=answer.text,
        state=answer.state,
        outcome=answer.outcome,
        decision=decision_view(answer.decision) if answer.decision else None,
        calls=list(answer.calls),
    )


def _conversation_id(asked: Asked) -> str:
    given = asked.path["conversation_id"]
    if not re.fullmatch(CONVERSATION_ID, given):
        raise invalid(
            "conversation_id", "has up to 200 letters, digits and . _ ~ : @ - and begins with one of the first"
        )
    return given


def _turn_id(asked: Asked) -> str:
    """The message id: of the body or the header, which must not differ; else a new one."""
    told, header = asked.body.message_id, asked.headers.get("idempotency-key")
    if told and header and told != header:
        raise invalid("message_id", "differs from the header Idempotency-Key")
    if header and not re.fullmatch(_MESSAGE_ID, header):
        raise invalid("Idempotency-Key", "has 1 to 200 printable ASCII characters without blanks")
    return told or header or uuid4().hex


def _store_problem(error: StoreError) -> ApiProblem:
    _LOG.warning("the store failed", kind=type(error).__name__, reason=str(error))
    if isinstance(error, Busy):
        detail = "Earlier messages of this conversation are still being answered; send this one again."
    else:
        detail = "The store cannot be used now; send the message again later, under the same message id."
    return ApiProblem(503, "busy" if isinstance(error, Busy) else "store", detail, headers={"Retry-After": "2"})


def _session(session: SessionRecord) -> SessionView:
    return SessionView(
        session_id=session.session_id,
        state=session.state,
        status=session.status,
        values=session.values,
        questions=[item.question for item in session.question_outline],
    )
