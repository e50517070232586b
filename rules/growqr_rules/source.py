"""Read YAML and JSONL with the line of every key, and check it against pydantic models, collecting all problems.

Scalars resolve as in the YAML 1.2 core schema (``yes``, ``no``, ``on`` and ``off`` are strings), because packs and
golden conversations are full of such words. Only nodes are composed: no Python object is ever constructed from a tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from growqr_rules.violations import Violation, violations

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
        problems += [
            source.problem("R004", (*at, *found.path), _with_value(found), found.allowed)
            for found in violations(error, model)
        ]
        return None


def _with_value(found: Violation) -> str:
    return f"{found.message} (got {found.given})." if found.given else f"{found.message}."


def read_models(model: type[_M], path: Path, problems: list[Problem]) -> Iterator[tuple[int, _M]]:
    """Yield (1-based line number, model) for each line of a JSONL file; what is wrong is added to `problems`."""
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    for line, row in read_jsonl(path, problems, keys=needed):
        item = validate(model, Source(str(path), row, {(): line}), problems)
        if item is not None:
            yield line, item


def read_jsonl(
    path: Path, problems: list[Problem], *, shown: str | None = None, keys: Sequence[str] = ("text",)
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (1-based line number, object) for each non-empty line; bad lines are added to `problems` and skipped.

    A file of several lines in which there is no object at all is another kind of file: that is one problem, which
    tells the `keys` that an object has.
    """
    name = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem("R001", name, 0, "", f"cannot be read: {_reason(error)}"))
        return
    bad: list[Problem] = []
    good = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            bad.append(Problem("R002", name, number, "", f"is not valid JSON: {error}"))
            continue
        if isinstance(row, dict):
            good += 1
            yield number, row
        else:
            bad.append(Problem("R002", name, number, "", "is not a JSON object"))
    if len(bad) > 1 and not good:
        such = json.dumps(dict.fromkeys(keys, "..."))
        bad = [Problem("R002", name, 0, "", f"is no JSONL: each line must be one JSON object, such as {such}")]
    problems += bad
