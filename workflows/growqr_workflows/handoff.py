"""Other agents, as far as the workflow knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from growqr_workflows.outcome import Handoff
from growqr_workflows.principal import Principal
from growqr_workflows.service import CallRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """A message on its way to another agent."""

    handoff: Handoff
    principal: Principal
    conversation_id: str
    key: str
    """The idempotency key: the same whenever this turn is carried out again."""
    record: Callable[[CallRecord], None]


class OtherAgents(Protocol):
    """Whoever answers what is handed off."""

    async def ask(self, passed: PassedOn) -> str | None:
        """The agent's answer, as text for the person; None when there is no such agent here.

        Raises:
            ServiceError: it did not answer, or not in a way that can be used.
        """
