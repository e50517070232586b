"""From what was said, carried, inferred and assumed to one configuration, each value with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from growqr_rules.workflow import Workflow
from growqr_workflows.outcome import Origin
from growqr_workflows.principal import Principal
from growqr_workflows.service.models import ConfigureRequest, InterviewContext

FIELDS = (
    "interview_type", "duration_minutes", "difficulty", "persona_id", "target_role", "company_name", "framework",
    "requested_mode", "job_description", "assignment_id",
)  # fmt: skip
_IN_CONTEXT = (*FIELDS[4:], "difficulty")


@dataclass(slots=True)
class Configuration:
    """Values of `FIELDS` that are known, and where each comes from."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)

    def put(self, name: str, value: Any, origin: Origin) -> None:  # noqa: ANN401 - any slot value
        """Set a value."""
        self.values[name] = value
        self.origins[name] = origin


def configure(
    workflow: Workflow,
    slots: Mapping[str, Any],
    slot_origins: Mapping[str, Origin],
    carried: Configuration | None = None,
) -> Configuration:
    """Stated and mapped values first, then carried ones, then inference, then defaults (SPEC)."""
    made = Configuration()
    for name in FIELDS:
        if name in slots:
            made.put(name, slots[name], slot_origins.get(name, Origin(origin="stated")))
        elif carried and name in carried.values and carried.origins[name].origin not in ("inferred", "default"):
            made.put(name, carried.values[name], Origin(origin="carried"))
    _infer(workflow, made)
    if carried:
        for name, value in carried.values.items():
            if name not in made.values:
                made.put(name, value, carried.origins[name])
    for name, value in workflow.defaults.items():
        if name not in made.values:
            made.put(name, value, Origin(origin="default"))
    return made


def _infer(workflow: Workflow, made: Configuration) -> None:
    role = set(str(made.values.get("target_role", "")).lower().replace("-", " ").split())
    for rule in workflow.inference:
        by_role = bool(role.intersection(rule.role_words))
        by_value = bool(rule.when) and all(made.values.get(name) == value for name, value in rule.when.items())
        if by_role or by_value:
            for name, value in rule.values.items():
                if name not in made.values:
                    made.put(name, value, Origin(origin="inferred"))


def to_request(
    made: Configuration, principal: Principal, *, draft: str | None = None, feedback: str | None = None
) -> ConfigureRequest:
    """The request body."""
    context = {name: made.values[name] for name in _IN_CONTEXT if name in made.values}
    return ConfigureRequest(
        user_id=principal.user_id,
        org_id=principal.org_id,
        persona_id=made.values["persona_id"],
        interview_type=made.values["interview_type"],
        duration_minutes=made.values["duration_minutes"],
        context=InterviewContext(
            candidate_name=principal.name, candidate_profile=principal.candidate_profile, **context
        ),
        draft_session_id=draft,
        planner_feedback=feedback,
    )
