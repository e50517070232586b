"""Every operation x every way an answer can go wrong, generated from the operations table."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from growqr_workflows import InterviewService, Principal, ServiceError, ServiceSettings
from growqr_workflows.service import OPERATIONS, Call, models
from growqr_workflows.service.client import CallRecord

ME = Principal(user_id="u", org_id="o")
CONFIGURE = models.ConfigureRequest(
    user_id="u", org_id="o", persona_id="emma", interview_type="coding", duration_minutes=5,
    context=models.InterviewContext(difficulty="easy"),
)  # fmt: skip
ARGUMENTS = {
    "preview": (CONFIGURE,),
    "regenerate": (CONFIGURE.model_copy(update={"draft_session_id": "s1"}),),
    "configure": (CONFIGURE,),
    "edit_questions": (models.QuestionsRequest(session_id="s1", questions=[models.Question(question="Why?")]),),
    "approve": (models.ApproveRequest(session_id="s1"),),
    "review": ("s1",),
    "leaderboard": ("o", 3),
    "artifact": ("s1", "transcript"),
    "upload_url": ("s1",),
    "video_uploaded": ("s1",),
    "create_assignments": (
        models.AssignRequest(organization_id="o", role="chef", round="technical", assignee_emails=["a@x.io"]),
    ),
    "list_assignments": ("a@x.io", None, None),
    "unassign": (models.UnassignRequest(organization_id="o", emails=["a@x.io"]),),
    "results_bulk": (models.ResultsRequest(organization_id="o", assignment_ids=["a1"]),),
}
SESSION = {"session_id": "s1", "status": "draft", "needs_approval": True, "unheard_of": 1}
ANSWERS = {
    "review": {"status": "processing"},
    "leaderboard": {"entries": [{"rank": 1, "name": "Ann", "overall_score": 90}]},
    "artifact": {"download_url": "https://x.invalid/a"},
    "upload_url": {"upload_url": "https://x.invalid/a"},
    "video_uploaded": {"video_analysis_status": "processing"},
    "create_assignments": {"batch_id": "b", "assignment_ids": ["a1"]},
    "list_assignments": {"assignments": []},
    "unassign": {"unassigned": ["a@x.io"]},
    "results_bulk": {"results": []},
}


async def send(operation, handler, **settings):
    """Call the operation against `handler`; return (answer or error, requests, records)."""
    seen: list[httpx.Request] = []
    records: list[CallRecord] = []

    async def handle(request):
        seen.append(request)
        result = handler(request)
        return await result if asyncio.iscoroutine(result) else result

    async def no_sleep(_seconds):
        return None

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url="http://s") as client:
        service = InterviewService(client, settings=ServiceSettings(timeout=0.05, **settings), sleep=no_sleep)
        method = getattr(service, {"regenerate": "preview"}.get(operation, operation))
        try:
            result = await method(Call(principal=ME, key="k1", record=records.append), *ARGUMENTS[operation])
        except ServiceError as error:
            result = error
    return result, seen, records


def answering(status, body):
    return lambda _request: httpx.Response(status, json=body)


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_good_answer_becomes_its_model(operation):
    answer, requests, records = await send(operation, answering(200, ANSWERS.get(operation, SESSION)))
    assert isinstance(answer, OPERATIONS[operation].answer)
    assert (len(requests), records[0].outcome, records[0].attempts) == (1, "ok", 1)
    assert (requests[0].headers.get("Idempotency-Key") == "k1") == (requests[0].method == "POST")


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "rejected"), (401, "forbidden"), (403, "forbidden"), (404, "not_found"), (422, "rejected")],
)
async def test_a_refusal_is_final_and_keeps_the_reason(operation, status, kind):
    error, requests, records = await send(operation, answering(status, {"detail": "because"}))
    assert (error.kind, error.detail, len(requests), records[0].outcome) == (kind, "because", 1, kind)


@pytest.mark.parametrize(("status", "reply"), [(401, "error_not_signed_in"), (403, "error_forbidden")])
async def test_a_sign_in_that_is_not_accepted_is_not_told_as_somebody_elses_session(status, reply):
    error, _, _ = await send("approve", answering(status, {}))
    assert error.reply == reply


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_an_unavailable_service_is_asked_again_only_where_that_is_safe(operation):
    error, requests, _ = await send(operation, answering(503, {}))
    assert error.kind == "unavailable"
    assert len(requests) == (3 if OPERATIONS[operation].retry == "safe" else 1)
    assert len({r.headers["X-Correlation-ID"] for r in requests}) == 1


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_no_answer_is_an_unknown_outcome_for_anything_with_an_effect(operation):
    async def hang(_request):
        await asyncio.sleep(5)

    error, requests, _ = await send(operation, hang, attempts=2)
    assert error.kind == ("unavailable" if OPERATIONS[operation].method == "GET" else "unknown")
    assert len(requests) == (2 if OPERATIONS[operation].retry == "safe" else 1)


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "video_uploaded"])
@pytest.mark.parametrize("content", [b"not json", b"[]", b'{"status": 7}'])
async def test_an_answer_that_breaks_the_contract_is_malformed(operation, content):
    error, requests, _ = await send(operation, lambda _r: httpx.Response(200, content=content))
    assert (error.kind, len(requests)) == ("malformed", 1)


async def test_a_completed_review_needs_its_score_and_summary():
    error, _, _ = await send("review", answering(200, {"status": "completed", "overall_score": 3}))
    assert error.kind == "malformed"


async def test_the_second_attempt_may_succeed():
    answers = iter([httpx.Response(503, headers={"Retry-After": "1"}), httpx.Response(200, json=SESSION)])
    answer, requests, records = await send("approve", lambda _r: next(answers))
    assert (answer.session_id, len(requests), records[0].attempts) == ("s1", 2, 2)


async def test_no_connection_means_that_nothing_was_sent():
    def refuse(_request):
        raise httpx.ConnectError("refused")

    error, _, _ = await send("configure", refuse)
    assert error.kind == "unavailable"


async def test_the_breaker_rests_and_then_lets_a_call_through():
    now = [0.0]
    calls = []

    def handle(request):
        calls.append(request)
        return httpx.Response(503)

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url="http://s") as client:
        settings = ServiceSettings(attempts=1, breaker_failures=2, breaker_rest=10)
        service = InterviewService(client, settings=settings, clock=lambda: now[0])
        for _ in range(4):
            with pytest.raises(ServiceError):
                await service.review(Call(principal=ME, key="k"), "s1")
        assert len(calls) == 2
        now[0] = 11.0
        with pytest.raises(ServiceError):
            await service.review(Call(principal=ME, key="k"), "s1")
        assert len(calls) == 3


@pytest.mark.parametrize("session_id", ["../x", "a/b", "..", "", "x" * 200, "a b"])
async def test_an_id_that_could_change_the_path_is_refused_before_any_call(session_id):
    def never(_request):
        raise AssertionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(never), base_url="http://s") as client:
        with pytest.raises(ServiceError) as caught:
            await InterviewService(client).review(Call(principal=ME, key="k"), session_id)
    assert caught.value.kind == "rejected"


async def test_cancellation_passes_through():
    async def hang(_request):
        await asyncio.sleep(5)

    async with httpx.AsyncClient(transport=httpx.MockTransport(hang), base_url="http://s") as client:
        task = asyncio.create_task(InterviewService(client).review(Call(principal=ME, key="k"), "s1"))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
