"""The conversation's record of a turn: enough to route it again, without personal data that nothing needs."""

from __future__ import annotations

import re
from typing import Any

from growqr_router import Decision
from growqr_workflows.answer import Answer, ClientEvent, Message
from growqr_workflows.perform import Work

_EMAIL = re.compile(r"[^\s@<>,;:()\[\]\"']{1,64}@[^\s@<>,;:()\[\]\"']{1,255}")
_QUERY = re.compile(r"(https?://[^\s?#]{1,2000})[?#]\S{1,4000}")
_CREDENTIAL = re.compile(
    r"(?i)\b(bearer|password|passwd|pwd|api[ _-]?key|secret|token)\b([ \t]{0,3}[:=]?[ \t]{0,3})\S{8,400}"
)
_SIGNED = re.compile(r"\beyJ[A-Za-z0-9_\-]{8,4000}(?:\.[A-Za-z0-9_\-]{0,4000}){2}")
JOB_DESCRIPTION = "[job description]"


def record(message: Message, work: Work, answer: Answer, before: str) -> dict[str, Any]:
    """One turn as plain data. `before` is the state that it found."""
    about = {"reply": answer.outcome.reply, "states": [before, answer.state], "session_id": answer.outcome.session_id}
    if isinstance(message, ClientEvent):
        return {**about, "event": message.kind}
    if work.decision is None:
        return about
    context = work.context
    text, redacted = redact(message, work.decision)
    return {
        **about,
        "text": text,
        "redacted": redacted,
        "context": {
            "state": context.state,
            "role": context.role,
            "last_intent": context.last_intent,
            "expects": context.expects,
            "draft": {name: value for name, value in context.draft.items() if name != "job_description"},
        },
        "decision": {
            "route": work.decision.route,
            "intent": work.decision.intent,
            "abstained": work.decision.abstained,
            "confidence": work.decision.confidence,
            "slots": slots_on_record(message, work.decision),
            "pack": work.decision.pack.hash,
        },
    }


def redact(text: str, decision: Decision) -> tuple[str, bool]:
    """`text` with e-mails renamed, job descriptions, credentials and links' queries taken out; whether any were.

    A renamed e-mail is still one (`person1@redacted.invalid`, the same person the same number), so that the text is
    read as before.
    """
    plain = text
    for span in sorted(decision.spans.get("job_description", ()), key=lambda s: -s.start):
        plain = plain[: span.start] + JOB_DESCRIPTION + plain[span.end :]
    plain = _CREDENTIAL.sub(r"\1\2[removed]", _QUERY.sub(r"\1", plain))
    plain = _renamed(plain, _people(text))
    return plain, plain != text


def scrub(text: str) -> str:
    """`text` for a log: without e-mails, credentials and links' queries."""
    plain = _CREDENTIAL.sub(r"\1\2[removed]", _QUERY.sub(r"\1", _SIGNED.sub("[removed]", text)))
    return _EMAIL.sub("[e-mail]", plain)


def slots_on_record(text: str, decision: Decision) -> dict[str, Any]:
    """The decision's slots without job descriptions, with e-mails renamed as `redact` does."""
    people = _people(text)
    return {name: _renamed(value, people) for name, value in decision.slots.items() if name != "job_description"}


def _people(text: str) -> dict[str, str]:
    found = dict.fromkeys(match[0].lower() for match in _EMAIL.finditer(text))
    return {email: f"person{number}@redacted.invalid" for number, email in enumerate(found, 1)}


def _renamed(value: Any, people: dict[str, str]) -> Any:  # noqa: ANN401 - any slot value
    if isinstance(value, str):
        return _EMAIL.sub(lambda found: people.get(found[0].lower(), "person@redacted.invalid"), value)
    if isinstance(value, list):
        return [_renamed(item, people) for item in value]
    if isinstance(value, dict):
        return {key: _renamed(item, people) for key, item in value.items()}
    return value
