"""What the page asks for beyond the server's own endpoints."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from growqr_app.server.decisions import PackView
from growqr_app.server.models import Thresholds


class Edge(BaseModel):
    """One arrow of the state diagram."""

    source: str
    target: str
    transition: str


class ClassTold(BaseModel):
    """One intent, or one route that has none."""

    name: str
    says: str
    """What it means, in one sentence; empty where the pack does not say."""
    effect: str
    """What acting on it would do; decides the line below which the agent asks first."""


class SandboxAccess(BaseModel):
    """How the page opens a live session itself. The token is a sandbox's: nothing behind it is real."""

    websocket: str
    """The address that session paths are appended to."""
    token: str


class PlaygroundView(BaseModel):
    """What the page is drawn from."""

    pack: PackView
    states: list[str]
    edges: list[Edge]
    classes: list[ClassTold]
    thresholds: Thresholds
    sandbox: SandboxAccess | None
    """None where a real service is behind the server."""


class TurnView(BaseModel):
    """One turn on record."""

    turn_id: str
    states: tuple[str, str]
    """Before and after."""
    text: str | None
    """The message, redacted; None for events."""
    event: str | None
    context: dict[str, Any] | None
    """What the router was told beside the message: a `RouteContext`. None for events."""


class TurnList(BaseModel):
    """A conversation's record: its last 200 turns, in order."""

    turns: list[TurnView]


class GoldenRequest(BaseModel):
    """What the golden is to be called."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"name": "nurse-plan-first"}]}
    )
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9\-]{0,79}$")


class GoldenAnswer(BaseModel):
    """A golden conversation, and whether it holds when it is played."""

    file: str
    yaml: str
    holds: bool
    report: str
    """What the runner says of it."""
    notes: list[str]
    """What went otherwise when the messages were played again."""


class FaultRequest(BaseModel):
    """How the sandbox's next call is to fail; null: not at all."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"fault": "503"}]})
    fault: Literal["503", "422", "403", "404", "malformed"] | None


class FaultArmed(BaseModel):
    """What the next call will meet."""

    fault: str | None
