"""Facts for replies: what the service answered, as short texts. Nothing else ever fills a reply's placeholder."""

from __future__ import annotations

from typing import Any

from growqr_workflows.outcome import Origin
from growqr_workflows.service import models
from growqr_workflows.snapshot import SessionRecord

PERSONAS = {"emma": "Emma", "payal": "Payal", "john": "John", "kapil": "Kapil"}
_TYPES = {"warm_up": "warm-up", "behavioral": "behavioral", "role_related": "role-related", "coding": "coding"}
_NAMES = {
    "duration_minutes": "length",
    "difficulty": "difficulty",
    "persona_id": "interviewer",
    "interview_type": "type",
}
_SPOKEN = "A coding interview is spoken: you talk through your solution, there is no code editor."


def session_facts(session: SessionRecord) -> dict[str, str | None]:
    """A session as the service last described it."""
    values = session.values
    return {
        "session_id": session.session_id,
        "status": session.status or None,
        "persona": PERSONAS.get(str(values.get("persona_id"))),
        "interview_type": _TYPES.get(str(values.get("interview_type"))),
        "duration_minutes": _text(values.get("duration_minutes")),
        "difficulty": _text(values.get("difficulty")),
        "target_role": _text(values.get("target_role")),
        "company_name": _text(values.get("company_name")),
        "adjusted": _adjusted(session),
        "inferred": _inferred(session),
        "assumed": _assumed(session),
        "mode": "voice only, no video" if values.get("requested_mode") == "voice" else None,
        "spoken": _SPOKEN if values.get("interview_type") == "coding" else None,
        "opening_prompt": session.opening_prompt,
        "outline": outline(session),
        "candidate_brief": session.candidate_brief,
    }


def outline(session: SessionRecord) -> str | None:
    """The questions, numbered."""
    return _numbered([item.question for item in session.question_outline])


def review_facts(session_id: str, review: models.Review) -> dict[str, str | None]:
    """A completed review as an actionable summary."""
    pending = review.video_analysis_status not in (None, "completed", "not_available")
    waiting = "The video analysis is still processing; it continues on its own and your score is already final."
    return {
        "session_id": session_id,
        "overall_score": number(review.overall_score),
        "summary": review.summary,
        "rubric": _pairs(review.rubric_scores),
        "trend": _trend(review.trend),
        "strengths": _bullets(review.strengths),
        "weaknesses": _bullets(review.weaknesses),
        "recommendations": _bullets(review.recommendations),
        "roadmap": _steps(review.improvement_roadmap),
        "presence": _pairs(review.presence_metrics),
        "video_analysis": _prose(review.video_analysis),
        "video_pending": waiting if pending else None,
    }


def number(value: float | None) -> str | None:
    """66.0 -> 66."""
    return None if value is None else f"{value:g}"


def _adjusted(session: SessionRecord) -> str | None:
    origin = session.origins.get("duration_minutes", Origin(origin="default"))
    if origin.requested is None:
        return None
    given = session.values["duration_minutes"]
    return f"You asked for {origin.requested} minutes; {given} is the nearest length that the service offers."


def _inferred(session: SessionRecord) -> str | None:
    inferred = [
        f"{_NAMES[name]} {PERSONAS.get(str(session.values[name]), session.values[name])}"
        for name, origin in session.origins.items()
        if origin.origin == "inferred" and name in _NAMES
    ]
    return (
        f"I chose {', '.join(inferred)} to fit what you said; tell me if you want it otherwise." if inferred else None
    )


def _assumed(session: SessionRecord) -> str | None:
    assumed = [
        name
        for field, name in _NAMES.items()
        if session.origins.get(field, Origin(origin="stated")).origin == "default"
    ]
    if not assumed:
        return None
    listed = ", ".join(assumed[:-1]) + (" and " if len(assumed) > 1 else "") + assumed[-1]
    return f"You didn't mention {listed}, so I used the default{'s' if len(assumed) > 1 else ''}."


def _text(value: Any) -> str | None:  # noqa: ANN401 - any stored value
    return None if value is None else str(value)


def _numbered(items: list[str]) -> str | None:
    return "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1)) or None


def _bullets(items: list[str]) -> str | None:
    return "\n".join(f"- {item}" for item in items) or None


def _pairs(value: Any) -> str | None:  # noqa: ANN401 - raw JSON
    if not isinstance(value, dict):
        return None
    shown = [f"{str(k).replace('_', ' ')} {v:g}" for k, v in value.items() if isinstance(v, int | float)]
    return ", ".join(shown) or None


def _trend(value: Any) -> str | None:  # noqa: ANN401 - raw JSON
    if not isinstance(value, list):
        return None
    scores = [row["overall_score"] for row in value if isinstance(row, dict) and "overall_score" in row]
    return " -> ".join(f"{score:g}" for score in scores if isinstance(score, int | float)) if len(scores) > 1 else None


def _steps(value: Any) -> str | None:  # noqa: ANN401 - raw JSON
    if not isinstance(value, list):
        return None
    return "; ".join(str(row["focus"]) for row in value if isinstance(row, dict) and row.get("focus")) or None


def _prose(value: Any) -> str | None:  # noqa: ANN401 - raw JSON
    if isinstance(value, dict):
        value = value.get("summary")
    return value if isinstance(value, str) and value else None
