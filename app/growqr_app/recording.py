"""A recorded conversation: the turns of a golden conversation, to be played and looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from growqr_rules import Problem, RulesError
from growqr_rules.source import read_yaml, validate


class RecordedTurn(BaseModel):
    """A message or an event of the client; what a golden expects of it is not read here."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    user: str | None = None
    event: Literal["session_live", "session_ended"] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.user is None) == (self.event is None):
            raise ValueError("a turn has either `user` or `event`")
        return self


class Recording(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    persona: str = ""
    turns: list[RecordedTurn] = Field(min_length=1)


def read_recording(path: Path) -> Recording:
    """Read the one conversation in `path`.

    Raises:
        RulesError: it cannot be used; every problem has its line and key.
    """
    problems: list[Problem] = []
    source = read_yaml(path, problems)
    recording = validate(Recording, source, problems) if source else None
    if recording is None:
        raise RulesError(problems)
    return recording
