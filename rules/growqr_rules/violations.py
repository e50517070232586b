"""What breaks a pydantic model, in words for the person who wrote it: which field, what is wrong, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

_UNKNOWN = "extra_forbidden"
_CHOICES = ("literal_error", "enum")
_SAID = {
    _UNKNOWN: "is not a known key",
    "missing": "is missing",
    "literal_error": "is not allowed",
    "enum": "is not allowed",
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must map keys to values",
    "model_type": "must map keys to values",
}
_PLAIN = frozenset({"str", "int", "float", "bool"})
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Violation:
    """One field that breaks a model."""

    path: tuple[str | int, ...]
    """Of the field; empty for the whole."""
    message: str
    """What follows the field's name, without a full stop: `must be a text`."""
    allowed: tuple[str, ...]
    """The values or keys that there are, where they are known; the one that was probably meant stands first."""
    given: str
    """The value, cut; empty where it explains nothing. It may be secret or personal."""

    @property
    def key(self) -> str:
        """The dotted path."""
        return ".".join(map(str, self.path))

    @property
    def sentence(self) -> str:
        """The message and what is allowed, without the value."""
        return f"{self.message}. Allowed: {', '.join(self.allowed)}." if self.allowed else f"{self.message}."


def violations(error: ValidationError, model: type[BaseModel], *, most: int | None = None) -> list[Violation]:
    """What `model` found wrong, one for each field; of a stranger's input, look at the first `most` only."""
    found: dict[tuple[str | int, ...], Violation] = {}
    for item in error.errors(include_url=False)[:most]:
        violation = _violation(item, model)
        other = found.get(violation.path)  # of another member of a union
        message = f"{other.message} or {violation.message}" if other else violation.message
        found[violation.path] = Violation(violation.path, message, violation.allowed, violation.given)
    return list(found.values())


def nearest_first(given: object, known: Iterable[str]) -> tuple[str, ...]:
    """`known`, with the name first of which `given` is probably a slip."""
    names = tuple(known)
    near = get_close_matches(str(given)[:_LONGEST_SHOWN], names, n=1)
    return (*near, *(name for name in names if name not in near))


def _violation(item: Any, model: type[BaseModel]) -> Violation:  # noqa: ANN401 - pydantic's error dict
    kind, given = item["type"], repr(str(item["input"])[:_LONGEST_SHOWN])
    path, owner = _place(item["loc"], model, unknown=kind == _UNKNOWN)
    allowed: tuple[str, ...] = ()
    if kind == _UNKNOWN:
        allowed = nearest_first(path[-1], _fields(owner))
    elif kind in _CHOICES:
        choices = str(item["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        allowed = nearest_first(item["input"], choices)
    return Violation(path, _message(item), allowed, "" if kind in (_UNKNOWN, "missing") else given)


def _message(item: Any) -> str:  # noqa: ANN401 - pydantic's error dict
    if item["type"] in _SAID:
        return _SAID[item["type"]]
    told = item["msg"].removeprefix("Value error, ").replace("Invalid JSON:", "is not valid JSON:", 1)
    return re.sub(r"\A\w+ should ", "must ", told).replace(" after validation", "")


def _place(
    loc: tuple[str | int, ...], model: type[BaseModel], *, unknown: bool
) -> tuple[tuple[str | int, ...], type[BaseModel] | None]:
    """The path without the names of unions' members, and the model that the last key belongs to, where there is one."""
    path: list[str | int] = []
    owner: type[BaseModel] | None = model
    for at, part in enumerate(loc, 1):
        if isinstance(part, str) and not (unknown and at == len(loc)) and _is_member(part, owner):
            continue
        path.append(part)
        field = _fields(owner).get(str(part))
        owner = _inner_model(field) if field is not None else owner
    return tuple(path), owner


def _is_member(part: str, owner: type[BaseModel] | None) -> bool:
    return "[" in part or part in _PLAIN or (owner is not None and part == owner.__name__)


def _fields(owner: type[BaseModel] | None) -> dict[str, FieldInfo]:
    """The fields by the names that they are written with."""
    return {field.alias or name: field for name, field in owner.model_fields.items()} if owner is not None else {}


def _inner_model(field: FieldInfo) -> type[BaseModel] | None:
    """The model that a field holds, looking through containers; None where there is none."""
    pending: list[Any] = [field.annotation]
    while pending:
        candidate = pending.pop()
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
        pending.extend(getattr(candidate, "__args__", ()))
    return None
