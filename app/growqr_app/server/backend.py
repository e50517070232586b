"""What all requests of a server share, and how it is put together and taken down."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx
import structlog

from growqr_app.database import store_at
from growqr_app.errors import UserError
from growqr_app.server.handoff import HttpAgents
from growqr_app.server.metrics import Metrics
from growqr_app.server.readiness import Readiness
from growqr_app.server.rules import LiveRules
from growqr_app.server.service import credentials, is_signed_in, tells_people_apart
from growqr_app.server.turns import Turns
from growqr_app.server.watching import Watch, spans_for
from growqr_app.settings import Settings
from growqr_router import Router
from growqr_testkit.sandbox import Sandbox, serve
from growqr_workflows import Agent, InterviewService, ServiceSettings, SqlStore, StoreError

_LOG = structlog.get_logger(__name__)


@dataclass(slots=True)
class Backend:
    """The parts of a running server."""

    settings: Settings
    rules: LiveRules
    agent: Agent
    """Of the rules in force: replaced when they change. A turn keeps the one that it began with."""
    store: SqlStore
    client: httpx.AsyncClient
    """Knows the interview-service's address."""
    readiness: Readiness
    sandbox: Sandbox | None
    """The interview-service where it is a sandbox of this server's own."""
    turns: Turns
    metrics: Metrics
    watch: Watch
    clock: Callable[[], float] = field(default=time.time)
    """Seconds since 1970."""

    @property
    def router(self) -> Router:
        """Of the rules in force."""
        return self.rules.router


@asynccontextmanager
async def open_backend(settings: Settings, *, many_people: bool) -> AsyncIterator[Backend]:
    """Put a backend together; at the end, turns that are under way are finished first.

    `many_people`: callers are told apart.

    Raises:
        UserError: a setting cannot be used.
        RulesError: the pack cannot be used.
        StoreError: the database cannot be used.
    """
    metrics = Metrics()
    rules = LiveRules(settings.pack, settings.pack_goldens, metrics)
    _check(settings, rules.router)
    if not is_signed_in(settings):
        _LOG.warning(
            "calls to the interview-service carry no sign-in: a service that asks for one refuses them all",
            set="GROWQR_SERVICE_SECRET or GROWQR_SERVICE_TOKEN",
        )
    async with AsyncExitStack() as stack:
        watch = Watch(metrics, stack.enter_context(spans_for(tracing=settings.tracing)))
        sandbox = Sandbox() if settings.service_url is None else None
        base_url = stack.enter_context(serve(sandbox)) if sandbox else str(settings.service_url)
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=base_url))
        agents = HttpAgents(settings.handoff, await stack.enter_async_context(httpx.AsyncClient()))
        store = await stack.enter_async_context(
            store_at(settings.db, may_be_new=True, synchronous=settings.synchronous)
        )
        timing = ServiceSettings(timeout=settings.service_timeout)
        service = InterviewService(client, auth=credentials(settings), settings=timing)

        def agent_for(router: Router) -> Agent:
            own_only = many_people and not tells_people_apart(settings)
            return Agent(router, service, store, others=agents, observer=watch, own_sessions_only=own_only)

        turns = Turns(settings.turn_timeout)
        backend = Backend(
            settings,
            rules,
            agent_for(rules.router),
            store,
            client=client,
            readiness=Readiness(store, client),
            sandbox=sandbox,
            turns=turns,
            metrics=metrics,
            watch=watch,
        )

        def take(router: Router) -> None:
            backend.agent = agent_for(router)

        stack.push_async_callback(turns.finish, settings.shutdown_timeout)
        turns.start(_recover(backend.agent))
        if settings.pack_watch:
            watching = asyncio.create_task(rules.watch(settings.pack_watch, take))
            stack.push_async_callback(_cancelled, watching)
        yield backend


async def _recover(agent: Agent) -> None:
    """Go on with what a worker before this one left."""
    try:
        finished = await agent.recover()
    except StoreError as error:
        _LOG.warning("turns that were left could not be gone on with", reason=str(error))
    else:
        _LOG.info("turns that were left are finished", turns=finished)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _check(settings: Settings, router: Router) -> None:
    manifest = router.pack.manifest
    if router.pack.workflow is None:
        raise UserError(f"pack: {manifest.name} has no workflow.yaml, so it cannot hold conversations.")
    away = [route for route in manifest.routes if route != manifest.home]
    for route in settings.handoff:
        if route not in away:
            raise UserError(f"handoff: there is no route {route!r} to hand off.", allowed=tuple(away))
    if settings.role not in manifest.roles:
        raise UserError(f"role: there is no role {settings.role!r}.", allowed=tuple(manifest.roles))
