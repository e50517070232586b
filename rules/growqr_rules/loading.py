"""Load a pack: read its files, check that they fit together, and keep what was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from growqr_rules.cache import cache_key, read_cached, write_cached
from growqr_rules.entities import EntityRules, load_entities
from growqr_rules.pack import ClassRules, Concept, Cue, Manifest, Pack
from growqr_rules.replies import load_replies
from growqr_rules.source import Problem, RulesError, read_yaml, validate
from growqr_rules.workflow import Workflow, load_workflow

_M = TypeVar("_M", bound=BaseModel)
DEFAULT_PACK = Path(__file__).parent / "packs" / "interview_en"


class _Checked(BaseModel):
    """What a pack's YAML files hold, once they are known to be right."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    manifest: Manifest
    concepts: dict[str, Concept]
    routes: dict[str, ClassRules]
    intents: dict[str, ClassRules]
    cues: dict[str, Cue]
    entities: EntityRules
    workflow: Workflow | None
    replies: dict[str, str]

    def pack(self, folder: Path, content: str) -> Pack:
        """The pack in a folder with this content hash."""
        return Pack(folder=folder, hash=content, **{name: getattr(self, name) for name in _Checked.model_fields})


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
        return _Checked.model_validate_json(bytes(kept)).pack(folder, content)
    checked = _read_checked(folder)
    write_cached(name, checked.model_dump_json(by_alias=True).encode())
    return checked.pack(folder, content)


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
