"""A pack: the folder of data that says what a router understands. Models, loader, content hash.

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
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from growqr_rules.cache import cache_key, read_cached, write_cached
from growqr_rules.entities import EntityRules, load_entities
from growqr_rules.replies import load_replies
from growqr_rules.source import Problem, RulesError, read_models, read_yaml, validate
from growqr_rules.workflow import Workflow, load_workflow

_M = TypeVar("_M", bound=BaseModel)
_PACKS = Path(__file__).parent / "packs"
DEFAULT_PACK = _PACKS / "interview_en"

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


class _Checked(_Model):
    """What a pack's YAML files hold, once they are known to be right."""

    manifest: Manifest
    concepts: dict[str, Concept]
    routes: dict[str, ClassRules]
    intents: dict[str, ClassRules]
    cues: dict[str, Cue]
    entities: EntityRules
    workflow: Workflow | None
    replies: dict[str, str]


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

    @classmethod
    def of(cls, folder: Path, checked: _Checked, content: str) -> Pack:
        """A checked pack of a folder with this content hash."""
        return cls(folder=folder, hash=content, **{name: getattr(checked, name) for name in _Checked.model_fields})

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


def load_pack(folder: Path | None = None) -> Pack:
    """Load and check the pack in `folder` (default: `interview_en`).

    Raises:
        RulesError: with everything that is wrong, each with file, line and key.
    """
    folder = folder or DEFAULT_PACK
    content = content_hash(folder)
    name = f"rules-{cache_key(Path(__file__).parent, content)}.json"
    kept = read_cached(name)
    if kept is not None:
        return Pack.of(folder, _Checked.model_validate_json(bytes(kept)), content)
    checked = _read_checked(folder)
    write_cached(name, checked.model_dump_json(by_alias=True).encode())
    return Pack.of(folder, checked, content)


def _read_checked(folder: Path) -> _Checked:
    problems: list[Problem] = []
    if not (folder / "pack.yaml").exists():
        raise RulesError([Problem("R105", str(folder), 0, "", _no_pack(folder))])
    manifest = _read(folder / "pack.yaml", Manifest, problems)
    concepts = _read_tables(folder / "concepts", Concept, problems)
    routes = _read_files(folder / "routes", ClassRules, problems)
    intents = _read_files(folder / "intents", ClassRules, problems)
    cues = _read_table(folder / "cues.yaml", Cue, problems) if (folder / "cues.yaml").exists() else {}
    entities = load_entities(folder / "entities", problems)
    workflow = load_workflow(folder, problems)
    replies = load_replies(folder, problems)
    if manifest is not None:
        _check(folder, manifest, concepts, problems)
        known = {"concepts": set(concepts), "states": set(manifest.states), "roles": set(manifest.roles)}
        _check_classes(folder / "routes", known, routes, problems)
        _check_classes(folder / "intents", known, intents, problems)
    if problems or manifest is None:
        raise RulesError(problems)
    return _Checked(
        manifest=manifest,
        concepts=dict(sorted(concepts.items())),
        routes={**{route: ClassRules(says="") for route in manifest.routes}, **routes},
        intents=dict(sorted(intents.items())),
        cues=dict(sorted(cues.items())),
        entities=entities,
        workflow=workflow,
        replies=replies,
    )


def _no_pack(folder: Path) -> str:
    why = "it has no pack.yaml" if folder.is_dir() else "there is no such folder"
    return f"is no pack: {why}. Name a folder that has one, or begin with a copy of growqr_rules/packs/interview_en."


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


def content_hash(folder: Path) -> str:
    """First 16 hex digits of SHA-256 over the sorted relative names and bytes of the pack's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
        if path.is_file() and path.suffix in (".yaml", ".jsonl", ".tsv", ".txt"):
            name, data = path.relative_to(folder).as_posix().encode(), path.read_bytes()
            digest.update(b"%d:%s%d:%s" % (len(name), name, len(data), data))
    return digest.hexdigest()[:16]


def _read(path: Path, model: type[_M], problems: list[Problem]) -> _M | None:
    source = read_yaml(path, problems)
    return validate(model, source, problems) if source else None


def _read_files(folder: Path, model: type[_M], problems: list[Problem]) -> dict[str, _M]:
    """One model per file, by the file's stem."""
    read = ((path.stem, _read(path, model, problems)) for path in sorted(folder.glob("*.yaml")))
    return {stem: item for stem, item in read if item is not None}


def _read_table(path: Path, model: type[_M], problems: list[Problem]) -> dict[str, _M]:
    """One model per top-level key of a file."""
    source = read_yaml(path, problems)
    if source is None or source.data is None:
        return {}
    if not isinstance(source.data, dict):
        problems.append(source.problem("R004", (), "must map ids to their definitions"))
        return {}
    read = ((key, validate(model, source, problems, at=(key,))) for key in source.data)
    return {key: item for key, item in read if item is not None}


def _read_tables(folder: Path, model: type[_M], problems: list[Problem]) -> dict[str, _M]:
    """One model per top-level key of all files; a key may stand in one file only."""
    merged: dict[str, _M] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, item in _read_table(path, model, problems).items():
            if key in merged:
                problems.append(Problem("R101", str(path), 0, key, "is defined in another file of this folder too"))
            merged[key] = item
    return merged


def _check(folder: Path, manifest: Manifest, concepts: dict[str, Concept], problems: list[Problem]) -> None:
    """What `pack.yaml` names must be there."""
    for key, name in (("home", manifest.home), ("fallback", manifest.fallback)):
        if name is not None and name not in manifest.routes:
            message = f"{name!r} is not a route."
            problems.append(Problem("R102", str(folder / "pack.yaml"), 0, key, message, tuple(manifest.routes)))
    for path in sorted((folder / "routes").glob("*.yaml")):
        if path.stem not in manifest.routes:
            message = f"{path.stem!r} is not a route of pack.yaml."
            problems.append(Problem("R102", str(path), 0, "", message, tuple(manifest.routes)))
    problems.extend(
        Problem("R104", str(folder / "concepts"), 0, concept_id, "has the same phrase twice: " + phrase)
        for concept_id, concept in concepts.items()
        for phrase in sorted({p for p in concept.phrases if concept.phrases.count(p) > 1})
    )


def _check_classes(
    folder: Path, known: dict[str, set[str]], classes: dict[str, ClassRules], problems: list[Problem]
) -> None:
    """Names that rules refer to must be there."""
    for stem, rules in classes.items():
        for key, group, names in _references(rules):
            problems.extend(
                Problem("R103", str(folder / f"{stem}.yaml"), 0, key, f"{name!r} is not one of the pack's {group}.")
                for name in names
                if name not in known[group]
            )


def _references(rules: ClassRules) -> Iterator[tuple[str, str, list[str]]]:
    for rule_id, rule in rules.rules.items():
        yield f"rules.{rule_id}", "concepts", [*rule.all, *rule.any, *rule.none]
        yield f"rules.{rule_id}.states", "states", rule.states
        yield f"rules.{rule_id}.roles", "roles", rule.roles
    for i, reply in enumerate(rules.replies):
        yield f"replies.{i}.concepts", "concepts", reply.concepts
        yield f"replies.{i}.states", "states", reply.states
    for veto_id, veto in rules.vetoes.items():
        yield f"vetoes.{veto_id}.unless", "concepts", veto.unless
