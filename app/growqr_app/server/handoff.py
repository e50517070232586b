"""Other agents over HTTP: a message and a concise context as JSON go out, a reply comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from pydantic import BaseModel, Field, ValidationError

from growqr_app.settings import HandoffEndpoint
from growqr_workflows import CallRecord, PassedOn, ServiceError
from growqr_workflows.service.errors import Forbidden, Malformed, NotFound, Rejected, Unavailable, UnknownOutcome

_LONGEST_BODY = 200_000
_LONGEST_REPLY = 20_000


class AgentReply(BaseModel):
    """What an agent answers; other fields are left alone."""

    reply: str = Field(min_length=1, max_length=_LONGEST_REPLY)


@dataclass(frozen=True, slots=True)
class HttpAgents:
    """The agents that are configured, by route."""

    endpoints: Mapping[str, HandoffEndpoint]
    client: httpx.AsyncClient

    async def ask(self, passed: PassedOn) -> str | None:
        """See `OtherAgents.ask`. Asked once: whether an agent may be asked twice is not known."""
        endpoint = self.endpoints.get(passed.handoff.agent)
        if endpoint is None:
            return None
        operation = f"handoff.{passed.handoff.agent}"
        request = self._request(endpoint, passed)
        started, outcome, status = time.monotonic(), "ok", None
        try:
            async with asyncio.timeout(endpoint.timeout):
                response = await self.client.send(request)
            status = response.status_code
            return _read(operation, response)
        except httpx.ConnectError:
            outcome = Unavailable.kind
            raise Unavailable(operation) from None
        except (TimeoutError, httpx.HTTPError):
            outcome = UnknownOutcome.kind
            raise UnknownOutcome(operation) from None
        except ServiceError as error:
            outcome = error.kind
            raise
        finally:
            milliseconds = (time.monotonic() - started) * 1000
            passed.record(CallRecord(operation, "POST", request.url.path, status, milliseconds, outcome, 1))

    def _request(self, endpoint: HandoffEndpoint, passed: PassedOn) -> httpx.Request:
        me = passed.principal
        body = {
            "message": passed.handoff.message,
            "context": passed.handoff.context,
            "conversation_id": passed.conversation_id,
            "user": {"user_id": me.user_id, "org_id": me.org_id, "role": me.role},
        }
        headers = {"Idempotency-Key": passed.key}
        if endpoint.token is not None:
            headers["Authorization"] = f"Bearer {endpoint.token.get_secret_value()}"
        return self.client.build_request("POST", endpoint.url, json=body, headers=headers)


def _read(operation: str, response: httpx.Response) -> str:
    if response.is_server_error or response.status_code == 429:
        raise Unavailable(operation)
    if response.status_code in (401, 403):
        raise Forbidden(operation)
    if response.status_code == 404:
        raise NotFound(operation)
    if not response.is_success:
        raise Rejected(operation)
    try:
        if len(response.content) > _LONGEST_BODY:
            raise Malformed(operation)
        return AgentReply.model_validate_json(response.content).reply
    except ValidationError:
        raise Malformed(operation) from None
