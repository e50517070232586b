"""What can go wrong between the agent and the interview-service, as one tree.

::

    ServiceError
    ├── Unavailable      nothing was done: 5xx, no connection, a read that timed out, the breaker is open
    ├── UnknownOutcome   a request with an effect was sent and its answer never came: it may have been applied
    │   └── Interrupted  the program ended while it was under way
    ├── Rejected         4xx with the service's reason: the request itself is refused
    ├── Forbidden        401 or 403: not this person's
    ├── NotFound         404
    └── Malformed        an answer that breaks the contract: the effect may have happened
"""

from __future__ import annotations

from typing import ClassVar


class ServiceError(Exception):
    """A call that did not end well. `detail` is the service's own reason, bounded, or None."""

    kind: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(self, operation: str, detail: str | None = None) -> None:
        super().__init__(f"{operation}: {self.kind}" + (f": {detail}" if detail else ""))
        self.operation = operation
        self.detail = detail


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


class Rejected(ServiceError):
    """The service refuses this request; the same again will be refused again."""

    kind = "rejected"


class Forbidden(ServiceError):
    """The service says that this person may not."""

    kind = "forbidden"


class NotFound(ServiceError):
    """The service does not know what was asked for."""

    kind = "not_found"


class Malformed(ServiceError):
    """The service's answer cannot be used."""

    kind = "malformed"
    retryable = True
