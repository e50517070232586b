"""The interview-service's wire format. Names are SPEC's; what it leaves open is ours for now.

Requests forbid unknown fields, so that nothing unintended is sent; responses ignore them, so that the service may grow.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

PersonaId = Literal["payal", "emma", "john", "kapil"]
InterviewType = Literal["warm_up", "behavioral", "role_related", "coding"]
DurationMinutes = Literal[5, 10, 15]
Difficulty = Literal["student", "easy", "medium", "hard", "advanced"]
Round = Literal["warm_up", "behavioral", "technical"]
ReviewStatus = Literal["completed", "processing", "failed", "not_eligible"]


class Request(BaseModel):
    """A body that is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Response(BaseModel):
    """A body that came back."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class InterviewContext(Request):
    """`context` of a configure request."""

    source: Literal["growqr-workflow"] = "growqr-workflow"
    difficulty: Difficulty
    target_role: str | None = None
    company_name: str | None = None
    job_description: str | None = None
    candidate_name: str | None = None
    candidate_profile: str | None = None
    assignment_id: str | None = None
    framework: str | None = None
    requested_mode: Literal["voice"] | None = None


class ConfigureRequest(Request):
    """Body of configure and configure/preview."""

    user_id: str
    org_id: str
    persona_id: PersonaId
    interview_type: InterviewType
    duration_minutes: DurationMinutes
    context: InterviewContext
    draft_session_id: str | None = None
    planner_feedback: str | None = None


class Question(Request):
    """One question of a plan that is sent."""

    question: str = Field(min_length=1)
    topic: str | None = None
    expected_framework: str | None = None


class QuestionsRequest(Request):
    """Body of configure/questions: the whole ordered list."""

    session_id: str
    questions: list[Question] = Field(min_length=1)


class ApproveRequest(Request):
    """Body of configure/approve."""

    session_id: str


class AssignRequest(Request):
    """Body of interviews/assignments."""

    organization_id: str
    role: str
    round: Round
    assignee_emails: list[str] = Field(min_length=1)


class UnassignRequest(Request):
    """Body of interviews/assignments/unassign."""

    organization_id: str
    emails: list[str] = Field(min_length=1)


class ResultsRequest(Request):
    """Body of interviews/results:bulk."""

    organization_id: str
    assignment_ids: list[str] = Field(min_length=1)


class OutlineItem(Response):
    """One question of the service's plan."""

    question: str
    topic: str | None = None
    expected_framework: str | None = None


class Session(Response):
    """Answer of preview, configure, questions and approve."""

    session_id: str = Field(min_length=1, pattern=r"^[A-Za-z0-9._\-]{1,128}$")
    status: Literal["draft", "configured"]
    needs_approval: bool
    config: dict[str, Any] = Field(default_factory=dict)
    opening_prompt: str | None = None
    question_outline: list[OutlineItem] = Field(default_factory=list)
    history_summary: str | None = None
    follow_up_policy: str | None = None
    planning_brief: str | None = None
    candidate_brief: str | None = None

    @field_validator("question_outline", mode="before")
    @classmethod
    def _strings_are_questions(cls, value: Any) -> Any:  # noqa: ANN401 - raw JSON
        if isinstance(value, list):
            return [{"question": item} if isinstance(item, str) else item for item in value]
        return value

    @field_validator("history_summary", "follow_up_policy", "planning_brief", "candidate_brief", mode="before")
    @classmethod
    def _only_text(cls, value: Any) -> Any:  # noqa: ANN401 - raw JSON
        """Optional parts in another shape are not shown rather than refused."""
        return value if isinstance(value, str) else None


class Review(Response):
    """Answer of review/{session_id}. Only `status`, and when completed `overall_score` and `summary`, must be there."""

    status: ReviewStatus
    overall_score: float | None = None
    rubric_scores: dict[str, float] | None = None
    summary: str | None = None
    strengths: list[str] = Field(default_factory=list)
    weaknesses: list[str] = Field(default_factory=list)
    recommendations: list[str] = Field(default_factory=list)
    historical_comparison: Any = None
    trend: Any = None
    improvement_roadmap: Any = None
    presence_metrics: Any = None
    video_analysis_status: str | None = None
    video_analysis: Any = None

    @field_validator("summary")
    @classmethod
    def _not_blank(cls, value: str | None) -> str | None:
        return value or None

    def model_post_init(self, _context: Any) -> None:  # noqa: ANN401 - pydantic's signature
        """Raises `ValueError` when a completed review lacks its score or summary."""
        if self.status == "completed" and (self.overall_score is None or self.summary is None):
            raise ValueError("a completed review has an overall_score and a summary")


class LeaderboardEntry(Response):
    """One line of the leaderboard."""

    rank: int
    name: str
    overall_score: float


class Leaderboard(Response):
    """Answer of leaderboard."""

    entries: list[LeaderboardEntry]


class Artifact(Response):
    """Answer of artifacts: a presigned link; sensitive."""

    download_url: str = Field(pattern=r"^https?://")
    expires_in: int | None = None


class UploadTarget(Response):
    """Answer of video/upload-url: a presigned link; sensitive."""

    upload_url: str = Field(pattern=r"^https?://")
    content_type: str | None = None
    expires_in: int | None = None


class VideoConfirmation(Response):
    """Answer of video/uploaded."""

    video_analysis_status: str


class AssignmentBatch(Response):
    """Answer of creating assignments."""

    batch_id: str
    assignment_ids: list[str]


class Assignment(Response):
    """One row of a list of assignments."""

    assignment_id: str
    email: str
    role: str
    round: str
    status: str


class AssignmentList(Response):
    """Answer of listing assignments."""

    assignments: list[Assignment]


class RefusedUnassign(Response):
    """One address that could not be unassigned."""

    email: str
    reason: str | None = None


class Unassigned(Response):
    """Answer of unassign."""

    unassigned: list[str]
    refused: list[RefusedUnassign] = Field(default_factory=list)


class AssignmentResult(Response):
    """One line of results:bulk."""

    assignment_id: str
    status: Literal["not_started", "in_progress", "completed", "unassigned"]
    overall_score: float | None = None
    summary: str | None = None


class ResultsBulk(Response):
    """Answer of results:bulk: known assignments only."""

    results: list[AssignmentResult]
