"""What can go wrong between the agent and the interview-service, as one tree.

::

    ServiceError
    ├── Unavailable      nothing was done: 5xx, no connection, a read that timed out, the breaker is open
    ├── UnknownOutcome   a request with an effect was sent and its answer never came: it may have been applied
    │   └── Interrupted  the program ended while it was under way
    ├── Rejected         4xx with the service's reason: the request itself is refused
    ├── Forbidden        403: not this person's
    │   └── NotSignedIn  401: the service does not accept who is asking
    ├── NotFound         404
    └── Malformed        an answer that breaks the contract: the effect may have happened
"""

from __future__ import annotations

from typing import ClassVar


class ServiceError(Exception):
    """A call that did not end well. `detail` is the service's own reason, bounded, or None."""

    kind: ClassVar[str] = "error"
    told: ClassVar[str] = ""
    """Where the pack has a reply of its own for it: what that is called behind `error_`; else `kind`."""
    retryable: ClassVar[bool] = False

    def __init__(self, operation: str, detail: str | None = None) -> None:
        super().__init__(f"{operation}: {self.kind}" + (f": {detail}" if detail else ""))
        self.operation = operation
        self.detail = detail

    @property
    def reply(self) -> str:
        """The pack's reply that tells of it."""
        return f"error_{self.told or self.kind}"


class Unavailable(ServiceError):
    """The service did not do it; trying again later is safe."""

    kind = "unavailable"
    retryable = True

    def __init__(self, operation: str, detail: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(operation, detail)
        self.retry_after = retry_after
        """Seconds that the service asks to wait."""


class UnknownOutcome(ServiceError):
    """The service may or may not have done it."""

    kind = "unknown"
    retryable = True


class Interrupted(UnknownOutcome):
    """The program that sent it ended before the answer was written down."""

    told = "interrupted"


class Rejected(ServiceError):
    """The service refuses this request; the same again will be refused again."""

    kind = "rejected"


class Forbidden(ServiceError):
    """The service says that this person may not."""

    kind = "forbidden"


class NotSignedIn(Forbidden):
    """The service does not accept the credential that came with the request."""

    told = "not_signed_in"


class NotFound(ServiceError):
    """The service does not know what was asked for."""

    kind = "not_found"


class Malformed(ServiceError):
    """The service's answer cannot be used."""

    kind = "malformed"
    retryable = True
