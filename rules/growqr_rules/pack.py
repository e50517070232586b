"""A pack: the folder of data that says what a router understands. Its models.

Folder layout (all text is UTF-8; ids are file names without the ending)::

    pack.yaml            name, version, routes, states, roles, thresholds
    concepts/*.yaml      concept id -> kind, phrases, not
    routes/<route>.yaml  rules of a route as a whole
    intents/<intent>.yaml  rules of one intent of the home route
    cues.yaml            cue id -> phrases (facts for a workflow, not for routing)
    entities/*.yaml      what the entity extractors read
    examples/*.jsonl     labelled phrasings
    weights.tsv, calibration.yaml   made from the examples by `growqr rules build`
    workflow.yaml, replies/*.yaml   what a workflow engine reads
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from growqr_rules.entities import EntityRules
from growqr_rules.source import Problem, RulesError, read_models
from growqr_rules.workflow import Workflow

Phrase = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Effect = Literal["none", "read", "preview", "commit"]
"""What acting on a guess would do: nothing, a GET, a preview that can be thrown away, or a lasting change."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Thresholds(_Model):
    """Two lines on how sure a decision is."""

    abstain: float = Field(ge=0, le=1)
    """On the calibrated confidence that the route is right: below it a decision is marked `abstained` (a cascade hands
    the message on)."""
    clarify: dict[Effect, float]
    """Effect -> where the agent asks a short question first: the route or the intent is less sure than this."""


class Manifest(_Model):
    """`pack.yaml`."""

    name: str
    version: str
    routes: list[str] = Field(min_length=1)
    home: str | None = None
    """The route that has intents; None when the pack routes only."""
    fallback: str
    """The route of what nothing else claims."""
    states: list[str] = Field(min_length=1)
    roles: list[str] = Field(min_length=1)
    thresholds: Thresholds
    spacy_model: str | None = None
    """A spaCy pipeline that is installed (a name or a folder): its organisations may be companies. Off by default."""
    lead_ins: list[Phrase] = Field(default_factory=list)
    """What opens a message and says nothing, where two words or more follow: the `ok` of "ok, cancel it"."""


class Concept(_Model):
    """Many ways to say one thing."""

    kind: Literal["act", "object", "modifier", "reply", "filler"]
    says: str = ""
    phrases: list[Phrase] = Field(min_length=1)
    """Words in any inflection; a lone `_` is a gap of up to three words."""
    not_: list[Phrase] = Field(default_factory=list, alias="not")
    """Longer phrases that hold one of `phrases` and mean something else."""


class Rule(_Model):
    """Evidence for a class: concepts that stand together."""

    all: list[str] = Field(default_factory=list)
    any: list[str] = Field(default_factory=list)
    none: list[str] = Field(default_factory=list)
    entities: list[str] = Field(default_factory=list)
    """Kinds of entity that must be found too: `emails`."""
    states: list[str] = Field(default_factory=list)
    """Only in these states; empty = in any."""
    roles: list[str] = Field(default_factory=list)
    scope: Literal["clause", "message"] = "clause"
    weight: int = Field(ge=-5000, le=5000)
    """Thousandths of a margin; 1000 outweighs what the examples say of a doubtful message."""


class Reply(_Model):
    """A short answer that means this class in these states: the whole message is one of the concepts, plus filler."""

    states: list[str] = Field(min_length=1)
    concepts: list[str] = Field(min_length=1)


class Veto(_Model):
    """Phrases that rule this class out, unless one of the `unless` concepts stands in the message too."""

    phrases: list[Phrase] = Field(min_length=1)
    unless: list[str] = Field(default_factory=list)


class ClassRules(_Model):
    """`routes/<route>.yaml` or `intents/<intent>.yaml`."""

    says: str
    effect: Effect = "none"
    templates: list[Phrase] = Field(default_factory=list)
    """Whole messages, with `<slot>` placeholders."""
    replies: list[Reply] = Field(default_factory=list)
    rules: dict[str, Rule] = Field(default_factory=dict)
    vetoes: dict[str, Veto] = Field(default_factory=dict)


class Cue(_Model):
    """A small fact that a workflow conditions on."""

    says: str = ""
    phrases: list[Phrase] = Field(min_length=1)
    not_: list[Phrase] = Field(default_factory=list, alias="not")


class ExampleContext(_Model):
    """The context in which an example was said."""

    state: str = "none"
    role: str = "seeker"


class Label(_Model):
    """A route and, on the home route, an intent."""

    route: str
    intent: str | None = None


class Example(BaseModel):
    """One labelled message. Keys beyond these are allowed: they belong to whoever wrote the file."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = ""
    text: str = Field(min_length=1)
    context: ExampleContext = ExampleContext()
    route: str
    intent: str | None = None
    slots: dict[str, Any] = Field(default_factory=dict)
    tags: list[str] = Field(default_factory=list)
    alt: list[Label | str] = Field(default_factory=list)
    """Other labels that a careful person could give; a string names a class (`Pack.label`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A loaded and checked pack."""

    folder: Path | None
    """None for a pack that was made in memory."""
    manifest: Manifest
    concepts: dict[str, Concept]
    routes: dict[str, ClassRules]
    intents: dict[str, ClassRules]
    cues: dict[str, Cue]
    entities: EntityRules
    workflow: Workflow | None
    """None for a pack that only routes."""
    replies: dict[str, str]
    hash: str
    """SHA-256 over the names and bytes of the pack's files, first 16 hex digits."""

    @property
    def classes(self) -> tuple[str, ...]:
        """What the router tells apart: every route without intents, and every intent; sorted."""
        plain = (route for route in self.manifest.routes if route != self.manifest.home or not self.intents)
        return tuple(sorted((*plain, *self.intents)))

    def route_of(self, name: str) -> str:
        """The route of a class."""
        return name if name in self.routes or not self.manifest.home else self.manifest.home

    @property
    def class_routes(self) -> tuple[str, ...]:
        """The routes of the classes, sorted."""
        return tuple(sorted({self.route_of(name) for name in self.classes}))

    def label(self, name: str) -> Label:
        """A class as a label."""
        return Label(route=self.route_of(name), intent=name if name in self.intents else None)

    def rules_of(self, name: str) -> ClassRules:
        """The rules of a class."""
        return self.intents.get(name) or self.routes[name]

    def examples(self) -> Iterator[tuple[str, Example]]:
        """Each example with the stem of its file, in file and line order. Raises `RulesError` on a bad file."""
        if self.folder is None:
            return
        problems: list[Problem] = []
        read = [
            (path.stem, example)
            for path in sorted((self.folder / "examples").glob("*.jsonl"))
            for example in read_examples(path, problems)
        ]
        if problems:
            raise RulesError(problems)
        yield from read


def read_examples(path: Path, problems: list[Problem]) -> Iterator[Example]:
    """The labelled messages of one JSONL file; what is wrong goes into `problems`."""
    for _, example in read_models(Example, path, problems):
        yield example


def bare_pack(name: str, routes: Sequence[str], fallback: str) -> Pack:
    """A pack in memory that only has routes: what examples alone can tell apart."""
    manifest = Manifest(
        name=name,
        version="0",
        routes=list(routes),
        fallback=fallback,
        states=["none"],
        roles=["user"],
        thresholds=Thresholds(abstain=0.5, clarify={}),
    )
    return Pack(
        folder=None,
        manifest=manifest,
        concepts={},
        routes={route: ClassRules(says="") for route in routes},
        intents={},
        cues={},
        entities=EntityRules(),
        workflow=None,
        replies={},
        hash=hashlib.sha256("\n".join((name, *routes)).encode()).hexdigest()[:16],
    )
