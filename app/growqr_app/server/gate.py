"""Who may come in, and how often."""

from __future__ import annotations

import math
from collections.abc import Collection

from starlette.requests import Request

from growqr_app.server.authentication import Authenticate
from growqr_app.server.endpoints import Endpoint
from growqr_app.server.problems import ApiProblem
from growqr_app.server.rate import RateLimit
from growqr_app.settings import Settings
from growqr_workflows import Principal


class Gate:
    """Admits requests."""

    def __init__(self, authenticate: Authenticate | None, settings: Settings) -> None:
        """Without `authenticate` everybody is the local person of the settings."""
        self._authenticate = authenticate
        self._metrics_public = settings.metrics_public
        self._rate = RateLimit(settings.rate_per_minute, settings.rate_burst)
        self._local = settings.local_principal()

    @property
    def signed_in(self) -> bool:
        """Whether callers must authenticate."""
        return self._authenticate is not None

    def admit(self, request: Request, endpoint: Endpoint, roles: Collection[str]) -> Principal:
        """Whom a request is from.

        Raises:
            ApiProblem: nobody whom we know, in a role that the pack does not have, or too often.
        """
        if endpoint.public or (endpoint.path == "/metrics" and self._metrics_public):
            return self._local
        principal = self._local
        if self._authenticate is not None:
            principal = self._authenticate(request.headers.get("authorization"))
        if principal.role not in roles:
            raise ApiProblem(403, "role", "The token's role is not one that this server knows.")
        wait = self._rate.take((principal.org_id, principal.user_id))
        if wait:
            seconds = str(math.ceil(wait))
            raise ApiProblem(429, "rate", "Too many requests; wait a little.", headers={"Retry-After": seconds})
        return principal
