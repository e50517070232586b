"""The service's operations: where they are, what they take and give, and whether they may be sent again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from growqr_workflows.service import models

Retry = Literal["safe", "at_most_once", "never_blind", "reconcile"]
"""`safe`: may be resent; `at_most_once`: never; `never_blind`: never, and a later rejection tells if it was applied;
`reconcile`: never, and a GET tells whether it was applied."""
Answer = TypeVar("Answer", bound=models.Response)


@dataclass(frozen=True, slots=True)
class Operation(Generic[Answer]):
    """One endpoint."""

    name: str
    method: Literal["GET", "POST"]
    path: str
    """A template; each `{part}` is percent-encoded."""
    answer: type[Answer]
    retry: Retry = "safe"


PREVIEW = Operation("preview", "POST", "/api/v1/configure/preview", models.Session, "at_most_once")
REGENERATE = Operation("regenerate", "POST", "/api/v1/configure/preview", models.Session)
CONFIGURE = Operation("configure", "POST", "/api/v1/configure", models.Session, "at_most_once")
QUESTIONS = Operation("edit_questions", "POST", "/api/v1/configure/questions", models.Session, "never_blind")
APPROVE = Operation("approve", "POST", "/api/v1/configure/approve", models.Session)
REVIEW = Operation("review", "GET", "/api/v1/review/{session_id}", models.Review)
LEADERBOARD = Operation("leaderboard", "GET", "/api/v1/leaderboard", models.Leaderboard)
ARTIFACT = Operation("artifact", "GET", "/api/v1/artifacts/{session_id}/{artifact_type}", models.Artifact)
UPLOAD_URL = Operation("upload_url", "POST", "/api/v1/sessions/{session_id}/video/upload-url", models.UploadTarget)
UPLOADED = Operation("video_uploaded", "POST", "/api/v1/sessions/{session_id}/video/uploaded", models.VideoConfirmation)
ASSIGN = Operation("create_assignments", "POST", "/api/v1/interviews/assignments", models.AssignmentBatch, "reconcile")
ASSIGNMENTS = Operation("list_assignments", "GET", "/api/v1/interviews/assignments", models.AssignmentList)
UNASSIGN = Operation("unassign", "POST", "/api/v1/interviews/assignments/unassign", models.Unassigned)
RESULTS = Operation("results_bulk", "POST", "/api/v1/interviews/results:bulk", models.ResultsBulk)

OPERATIONS = {
    operation.name: operation
    for operation in (
        PREVIEW, REGENERATE, CONFIGURE, QUESTIONS, APPROVE, REVIEW, LEADERBOARD, ARTIFACT, UPLOAD_URL, UPLOADED,
        ASSIGN, ASSIGNMENTS, UNASSIGN, RESULTS,
    )
}  # fmt: skip
SESSION_PATH = "/api/v1/session/{session_id}"
"""The WebSocket that the client's frontend opens."""
