"""What all requests of a server share, and how it is put together and taken down."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from growqr_app.database import store_at
from growqr_app.server.turns import Turns
from growqr_app.settings import Settings
from growqr_router import Router
from growqr_testkit.sandbox import Sandbox, sandbox_token, serve
from growqr_workflows import Agent, InterviewService, Principal, ServiceSettings, SqlStore


@dataclass(slots=True)
class Backend:
    """The parts of a running server."""

    settings: Settings
    agent: Agent
    router: Router
    store: SqlStore
    client: httpx.AsyncClient
    """Knows the interview-service's address."""
    turns: Turns


@asynccontextmanager
async def open_backend(settings: Settings) -> AsyncIterator[Backend]:
    """Put a backend together; at the end, turns that are under way are finished first.

    Raises:
        UserError: a setting cannot be used.
        StoreError: the database cannot be used.
    """
    async with AsyncExitStack() as stack:
        sandboxed = settings.service_url is None
        base_url = settings.service_url or stack.enter_context(serve(Sandbox()))
        auth = _sandboxed if sandboxed else _shared(settings)
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=base_url))
        store = await stack.enter_async_context(store_at(settings.db, may_be_new=True))
        router = Router.default()
        service = InterviewService(client, auth=auth, settings=ServiceSettings(timeout=settings.service_timeout))
        agent = Agent(router, service, store)
        turns = Turns(settings.turn_timeout)
        backend = Backend(settings, agent, router, store, client, turns)
        turns.start(agent.recover())
        stack.push_async_callback(turns.finish, settings.shutdown_timeout)
        yield backend


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request


def _sandboxed(principal: Principal) -> httpx.Auth:
    return _Bearer(sandbox_token(principal.user_id, principal.org_id, principal.role, principal.email))


def _shared(settings: Settings) -> Callable[[Principal], httpx.Auth | None]:
    token = settings.service_token
    bearer = _Bearer(token.get_secret_value()) if token else None
    return lambda _principal: bearer
