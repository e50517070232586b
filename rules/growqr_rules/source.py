"""Read YAML and JSONL with the line of every key, and check it against pydantic models, collecting all problems.

Scalars resolve as in the YAML 1.2 core schema (``yes``, ``no``, ``on`` and ``off`` are strings), because packs and
golden conversations are full of such words. Only nodes are composed: no Python object is ever constructed from a tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

_M = TypeVar("_M", bound=BaseModel)

Key = str | int
KeyPath = tuple[Key, ...]

_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?\Z")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_MAX_DEPTH = 60
_MAX_NODES = 2_000_000
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file a person wrote."""

    code: str
    """Searchable: ``R001`` unreadable, ``R002`` bad YAML / JSON, ``R003`` duplicate key, ``R004`` a field is wrong;
    packs and goldens add their own."""
    file: str
    line: int
    """1-based; 0 where the file as a whole is meant."""
    key: str
    """Dotted path of the key, such as ``rules.2.weight``; empty for the whole file."""
    message: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        allowed = f" Allowed: {', '.join(self.allowed)}." if self.allowed else ""
        return f"{where}: [{self.code}]{key} {self.message}{allowed}"


class RulesError(Exception):
    """Files that cannot be used; `problems` lists everything wrong with them, in file and line order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line, p.key, p.message)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Source:
    """One YAML document as plain data, with the line of every key and item."""

    file: str
    data: Any
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """The 1-based line of `path`, or of its nearest ancestor that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, code: str, path: KeyPath, message: str, allowed: tuple[str, ...] = ()) -> Problem:
        """A `Problem` at `path`."""
        return Problem(code, self.file, self.line(path), ".".join(map(str, path)), message, allowed)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    """Why a file cannot be read; which one it is has been said."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def read_yaml(path: Path, problems: list[Problem], *, shown: str | None = None) -> Source | None:
    """Read one YAML document; on failure add to `problems` and return None. `shown` is the file name in messages."""
    name = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem("R001", name, 0, "", f"cannot be read: {_reason(error)}"))
        return None
    return parse_yaml(text, name, problems)


def parse_yaml(text: str, name: str, problems: list[Problem]) -> Source | None:
    """Parse one YAML document from `text`; on failure add to `problems` and return None."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, (error.context, error.problem)))
        problems.append(Problem("R002", name, mark.line + 1 if mark else 0, "", f"is not valid YAML: {what}"))
        return None
    except yaml.YAMLError as error:
        problems.append(Problem("R002", name, 0, "", f"is not valid YAML: {error}"))
        return None
    source = Source(name, None, {(): 1})
    builder = _Builder(source, problems)
    before = len(problems)
    source.data = builder.build(node, ()) if node is not None else None
    return source if len(problems) == before else None


class _Builder:
    """Plain data from YAML nodes, noting lines; aliases are allowed but bounded, tags are ignored."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self._source = source
        self._problems = problems
        self._nodes = 0

    def build(self, node: yaml.Node, path: KeyPath) -> Any:  # noqa: ANN401 - YAML is any plain data
        self._nodes += 1
        if len(path) > _MAX_DEPTH or self._nodes > _MAX_NODES:
            if self._nodes != _MAX_NODES + 2:
                self._nodes = _MAX_NODES + 1
                self._problems.append(self._source.problem("R002", path[:3], "is nested too deep or too large"))
            return None
        self._source.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        built: dict[str, Any] = {}
        merged: list[dict[str, Any]] = []
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key == "<<" and isinstance(value_node, yaml.MappingNode):
                merged.append(self.build(value_node, path))
                continue
            if key in built:
                self._problems.append(Problem("R003", self._source.file, line, key, "stands twice in one mapping"))
            built[key] = self.build(value_node, (*path, key))
            self._source.lines[(*path, key)] = line
        for other in merged:
            built = {**other, **built}
        return built


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    value = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style in ("'", '"', "|", ">"):
        return value
    if value in _NULLS:
        return None
    if value in _BOOLEANS:
        return _BOOLEANS[value]
    if _INT.match(value):
        return int(value)
    if _FLOAT.match(value):
        return float(value)
    return value


def validate(model: type[_M], source: Source, problems: list[Problem], *, at: KeyPath = ()) -> _M | None:
    """`source.data` (below `at`) as a `model`; every violation becomes a `Problem` with its line."""
    data = source.data
    for key in at:
        data = data[key]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for item in error.errors():
            # The names of a union's members (`list[...]`) are no part of the file.
            path = (*at, *(part for part in item["loc"] if "[" not in str(part)))
            problems.append(source.problem("R004", path, *_explain(item, model)))
        return None


def _explain(item: Any, model: type[BaseModel]) -> tuple[str, tuple[str, ...]]:  # noqa: ANN401 - pydantic's error dict
    """A person's sentence for one pydantic error, and the allowed values where they are known."""
    if item["type"] == "extra_forbidden":
        owner: Any = model
        for part in item["loc"][:-1]:
            owner = _inner_model(owner, part) if owner is not None else None
        return "is not a known key.", tuple(owner.model_fields) if owner is not None else ()
    if item["type"] == "missing":
        return "is missing.", ()
    if item["type"] in ("literal_error", "enum"):
        return f"cannot be {item['input']!r}.", tuple(
            str(item["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        )
    return f"{item['msg'].removeprefix('Value error, ')} (got {str(item['input'])[:60]!r}).", ()


def _inner_model(owner: type[BaseModel], part: Key) -> type[BaseModel] | None:
    """The model that field `part` of `owner` holds, looking through containers; None where there is none."""
    if isinstance(part, int) or part not in owner.model_fields:
        return owner if isinstance(part, int) else None
    pending: list[Any] = [owner.model_fields[part].annotation]
    while pending:
        candidate = pending.pop()
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
        pending.extend(getattr(candidate, "__args__", ()))
    return None


def read_jsonl(
    path: Path, problems: list[Problem], *, shown: str | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (1-based line number, object) for each non-empty line; bad lines are added to `problems` and skipped."""
    name = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem("R001", name, 0, "", f"cannot be read: {_reason(error)}"))
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            problems.append(Problem("R002", name, number, "", f"is not valid JSON: {error}"))
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            problems.append(Problem("R002", name, number, "", "is not a JSON object"))
