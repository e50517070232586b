"""`workflow.yaml`: states, transitions, defaults and inference of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from growqr_rules.source import Problem, read_yaml, validate


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Transition(_Model):
    """One named transition."""

    from_: list[str] = Field(alias="from", min_length=1)
    to: str
    operation: str | None = None
    """The service operation whose success makes it; None when an event or the person does."""


class Inference(_Model):
    """Values that are filled in when not stated."""

    role_words: list[str] = Field(default_factory=list)
    """Applies when one of these words stands in the role."""
    when: dict[str, Any] = Field(default_factory=dict)
    """Applies when these values are set."""
    values: dict[str, Any]


class Workflow(_Model):
    """The whole file."""

    initial: str
    transitions: dict[str, Transition]
    defaults: dict[str, Any]
    inference: list[Inference] = Field(default_factory=list)
    assignment_rounds: dict[str, str] = Field(default_factory=dict)
    coding_words: list[str] = Field(default_factory=list)
    admin_intents: list[str] = Field(default_factory=list)


def load_workflow(folder: Path, problems: list[Problem]) -> Workflow | None:
    """Read `workflow.yaml` of a pack's folder; None where there is none or where it is wrong (told in `problems`)."""
    path = folder / "workflow.yaml"
    source = read_yaml(path, problems) if path.exists() else None
    return validate(Workflow, source, problems) if source else None
