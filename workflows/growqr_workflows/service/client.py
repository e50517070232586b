"""The client of the interview-service: one method per endpoint, every failure one of `errors`. httpx lives here."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from growqr_workflows.principal import Principal
from growqr_workflows.service import models, operations
from growqr_workflows.service.errors import (
    Forbidden,
    Malformed,
    NotFound,
    NotSignedIn,
    Rejected,
    ServiceError,
    Unavailable,
    UnknownOutcome,
)
from growqr_workflows.service.operations import Operation

_Answer = TypeVar("_Answer", bound=models.Response)
_LONGEST_BODY = 4_000_000
_LONGEST_DETAIL = 300
_SAFE_PART = re.compile(r"[A-Za-z0-9._\-]{1,128}\Z")
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """Times are seconds."""

    timeout: float = 20.0
    """For one attempt, from connecting to the last byte."""
    attempts: int = 3
    """For operations that may be resent."""
    backoff: float = 0.2
    """Before the second attempt; doubles, with full jitter."""
    backoff_cap: float = 2.0
    """Also bounds a `Retry-After` that is honoured."""
    breaker_failures: int = 8
    """Failures in a row after which no call is made for `breaker_rest`."""
    breaker_rest: float = 15.0


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call as it went, for people and for the audit trail. Holds no body and no URL of an answer."""

    operation: str
    method: str
    path: str
    status: int | None
    """None when no answer came."""
    milliseconds: float
    outcome: str
    """`ok`, or the kind of the error."""
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What every call is made with."""

    principal: Principal
    key: str
    """The idempotency key: the same for every attempt of one call."""
    record: Callable[[CallRecord], None] | None = None


class _NoQueries(logging.Filter):
    """Cuts the query off the addresses that httpx logs: it holds e-mail addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(a.copy_with(query=None) if isinstance(a, httpx.URL) else a for a in record.args)
        return True


_NO_QUERIES = _NoQueries()


class _Breaker:
    """Opens after failures in a row; lets one call through when it has rested."""

    def __init__(self, settings: ServiceSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._failures = 0
        self._opened = 0.0

    def allows(self) -> bool:
        if self._failures < self._settings.breaker_failures:
            return True
        if self._clock() - self._opened >= self._settings.breaker_rest:
            self._opened = self._clock()
            return True
        return False

    def note(self, *, failed: bool) -> None:
        self._failures = self._failures + 1 if failed else 0
        if self._failures == self._settings.breaker_failures:
            self._opened = self._clock()


class InterviewService:
    """The interview-service as seen by the agent. One per process: it keeps the connections and the breaker."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        auth: Callable[[Principal], httpx.Auth | None] | None = None,
        settings: ServiceSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: random.Random | None = None,
    ) -> None:
        """`client` has the service's base URL; `auth` gives each person's credentials, so the service can judge."""
        self._client = client
        self._auth = auth
        self._settings = settings or ServiceSettings()
        self._clock = clock
        self._sleep = sleep
        self._rng = rng or random.Random()  # noqa: S311 - jitter, not secrets
        self._breaker = _Breaker(self._settings, clock)
        logging.getLogger("httpx").addFilter(_NO_QUERIES)

    async def preview(self, call: Call, request: models.ConfigureRequest) -> models.Session:
        """Plan a session: a new draft, or with `draft_session_id` a new plan for one."""
        operation = operations.REGENERATE if request.draft_session_id else operations.PREVIEW
        return await self._send(call, operation, body=request)

    async def configure(self, call: Call, request: models.ConfigureRequest) -> models.Session:
        """Create a real session at once."""
        return await self._send(call, operations.CONFIGURE, body=request)

    async def edit_questions(self, call: Call, request: models.QuestionsRequest) -> models.Session:
        """Replace a draft's questions; allowed once."""
        return await self._send(call, operations.QUESTIONS, body=request)

    async def approve(self, call: Call, request: models.ApproveRequest) -> models.Session:
        """Approve a draft."""
        return await self._send(call, operations.APPROVE, body=request)

    async def review(self, call: Call, session_id: str) -> models.Review:
        """The review of a session."""
        return await self._send(call, operations.REVIEW, {"session_id": session_id})

    async def leaderboard(self, call: Call, org_id: str, limit: int | None) -> models.Leaderboard:
        """The best completed reviews of an organisation."""
        return await self._send(call, operations.LEADERBOARD, query={"org_id": org_id, "limit": limit})

    async def artifact(self, call: Call, session_id: str, artifact_type: str) -> models.Artifact:
        """A download link."""
        return await self._send(call, operations.ARTIFACT, {"session_id": session_id, "artifact_type": artifact_type})

    async def upload_url(self, call: Call, session_id: str) -> models.UploadTarget:
        """A link to PUT a recording to."""
        return await self._send(call, operations.UPLOAD_URL, {"session_id": session_id})

    async def video_uploaded(self, call: Call, session_id: str) -> models.VideoConfirmation:
        """Confirm an upload, which starts the video analysis."""
        return await self._send(call, operations.UPLOADED, {"session_id": session_id})

    async def create_assignments(self, call: Call, request: models.AssignRequest) -> models.AssignmentBatch:
        """Assign an interview to people."""
        return await self._send(call, operations.ASSIGN, body=request)

    async def list_assignments(
        self, call: Call, email: str, status: str | None, limit: int | None
    ) -> models.AssignmentList:
        """A person's assignments."""
        return await self._send(call, operations.ASSIGNMENTS, query={"email": email, "status": status, "limit": limit})

    async def unassign(self, call: Call, request: models.UnassignRequest) -> models.Unassigned:
        """Take active assignments back."""
        return await self._send(call, operations.UNASSIGN, body=request)

    async def results_bulk(self, call: Call, request: models.ResultsRequest) -> models.ResultsBulk:
        """Results of assignments."""
        return await self._send(call, operations.RESULTS, body=request)

    async def _send(
        self,
        call: Call,
        operation: Operation[_Answer],
        parts: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        body: models.Request | None = None,
    ) -> _Answer:
        """Send with as many attempts as the operation's retry class allows.

        Raises:
            ServiceError: the last attempt's.
        """
        path = _path(operation, parts or {})
        request = self._client.build_request(
            operation.method,
            path,
            params={k: v for k, v in (query or {}).items() if v is not None},
            json=body.model_dump(mode="json", exclude_none=True) if body is not None else None,
            headers=_headers(operation, call),
        )
        attempt = 1
        while True:
            started = self._clock()
            status, error, answer = await self._attempt(call, operation, request)
            again = error is not None and self._may_repeat(operation, error, attempt)
            if not again:
                if call.record:
                    milliseconds = (self._clock() - started) * 1000
                    outcome = error.kind if error else "ok"
                    call.record(
                        CallRecord(operation.name, operation.method, path, status, milliseconds, outcome, attempt)
                    )
                if error is not None:
                    raise error
                if answer is not None:
                    return answer
            await self._rest(attempt, error)
            attempt += 1

    async def _attempt(
        self, call: Call, operation: Operation[_Answer], request: httpx.Request
    ) -> tuple[int | None, ServiceError | None, _Answer | None]:
        if not self._breaker.allows():
            return (
                None,
                Unavailable(operation.name, "it keeps failing; calls are paused for a moment"),
                None,
            )
        status: int | None = None
        try:
            async with asyncio.timeout(self._settings.timeout):
                auth = self._auth(call.principal) if self._auth else None
                response = await self._client.send(request, auth=auth or httpx.USE_CLIENT_DEFAULT)
            status = response.status_code
            answer = _read(operation, response)
        except _NOTHING_SENT:
            error: ServiceError = Unavailable(operation.name, "no connection")
        except (TimeoutError, httpx.TransportError) as cause:
            error = _lost(operation, cause)
        except ServiceError as refused:
            error = refused
        else:
            self._breaker.note(failed=False)
            return status, None, answer
        self._breaker.note(failed=isinstance(error, Unavailable | UnknownOutcome))
        return status, error, None

    def _may_repeat(self, operation: Operation[Any], error: ServiceError, attempt: int) -> bool:
        if attempt >= self._settings.attempts or not isinstance(error, Unavailable | UnknownOutcome):
            return False
        return operation.retry == "safe"

    async def _rest(self, attempt: int, error: ServiceError | None) -> None:
        ceiling = min(self._settings.backoff_cap, self._settings.backoff * 2 ** (attempt - 1))
        asked = getattr(error, "retry_after", None) or 0.0
        await self._sleep(max(self._rng.uniform(0, ceiling), min(asked, self._settings.backoff_cap)))


def _path(operation: Operation[Any], parts: Mapping[str, str]) -> str:
    for name, value in parts.items():
        if not _SAFE_PART.match(value) or set(value) == {"."}:
            raise Rejected(operation.name, f"{value[:60]!r} cannot be a {name}")
    return operation.path.format(**{name: quote(value, safe="") for name, value in parts.items()})


def _headers(operation: Operation[Any], call: Call) -> dict[str, str]:
    headers = {"X-Correlation-ID": call.key}
    return {**headers, "Idempotency-Key": call.key} if operation.method == "POST" else headers


def _lost(operation: Operation[Any], cause: Exception) -> ServiceError:
    """No answer: harmless for a GET, of unknown outcome for anything with an effect."""
    why = "no answer in time" if isinstance(cause, TimeoutError | httpx.TimeoutException) else "the connection broke"
    return Unavailable(operation.name, why) if operation.method == "GET" else UnknownOutcome(operation.name, why)


def _read(operation: Operation[_Answer], response: httpx.Response) -> _Answer:
    status = response.status_code
    if status >= 500:
        raise Unavailable(operation.name, retry_after=_retry_after(response))
    if status == 401:
        raise NotSignedIn(operation.name, _detail(response))
    if status == 403:
        raise Forbidden(operation.name, _detail(response))
    if status == 404:
        raise NotFound(operation.name, _detail(response))
    if status == 429:
        raise Unavailable(operation.name, "too many requests", retry_after=_retry_after(response))
    if not response.is_success:
        raise Rejected(operation.name, _detail(response))
    if len(response.content) > _LONGEST_BODY:
        raise Malformed(operation.name, "the answer is too large")
    try:
        return operation.answer.model_validate_json(response.content)
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, item["loc"])) or "body" for item in error.errors()}))
        raise Malformed(operation.name, f"fields missing or broken: {fields[:_LONGEST_DETAIL]}") from None


def _detail(response: httpx.Response) -> str | None:
    """The service's own reason, where it gives one as text."""
    try:
        detail = response.json().get("detail")
    except (ValueError, AttributeError):
        return None
    return detail[:_LONGEST_DETAIL] if isinstance(detail, str) else None


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdigit() and len(value) < 6 else None
