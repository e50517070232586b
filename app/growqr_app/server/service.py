"""The interview-service that turns are carried out with, and how it learns whom a call is for."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

import httpx
import jwt

from growqr_app.settings import Settings
from growqr_testkit.sandbox import sandbox_token
from growqr_workflows import Principal

Credentials = Callable[[Principal], httpx.Auth | None]
_LIFETIME = 300
"""Seconds for which a signed token holds: longer than any call."""


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request


def credentials(settings: Settings) -> Credentials:
    """What each call to the service carries: a token of the person's own, or one for all."""
    if settings.service_url is None:
        return lambda me: _Bearer(sandbox_token(me.user_id, me.org_id, me.role, me.email))
    if settings.service_secret is not None:
        secret = settings.service_secret.get_secret_value()
        return lambda me: _Bearer(_signed(me, secret, settings))
    shared = _Bearer(settings.service_token.get_secret_value()) if settings.service_token else None
    return lambda _me: shared


def is_signed_in(settings: Settings) -> bool:
    """Whether calls to the service carry a token at all. A caller's own is never passed on."""
    return any((settings.service_url is None, settings.service_secret, settings.service_token))


def tells_people_apart(settings: Settings) -> bool:
    """Whether the service sees whom a call is for, and so can judge what is theirs."""
    return settings.service_url is None or settings.service_secret is not None


def _signed(me: Principal, secret: str, settings: Settings) -> str:
    now = int(time.time())
    claims = {
        settings.claim_user: me.user_id,
        settings.claim_org: me.org_id,
        settings.claim_role: me.role,
        **({"email": me.email} if me.email else {}),
        "iat": now,
        "exp": now + _LIFETIME,
    }
    return jwt.encode(claims, secret, algorithm="HS256")
