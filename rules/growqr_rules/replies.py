"""`replies/*.yaml`: the wording of a pack, as small templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from growqr_rules.source import Problem, RulesError, read_yaml

_FIELD = re.compile(r"\{([a-z_]+)\}")


def load_replies(folder: Path) -> dict[str, str]:
    """Template id -> text, from all files of `folder/replies`. Raises `RulesError`."""
    problems: list[Problem] = []
    replies: dict[str, str] = {}
    for path in sorted((folder / "replies").glob("*.yaml")):
        source = read_yaml(path, problems)
        for key, text in (source.data if source and isinstance(source.data, dict) else {}).items():
            if not isinstance(text, str) or key in replies:
                problems.append(Problem("R301", str(path), 0, key, "must be one text, defined once"))
            elif "{" in _FIELD.sub("", text):
                problems.append(Problem("R302", str(path), 0, key, "has a brace that is no {placeholder}"))
            else:
                replies[key] = text
    if problems:
        raise RulesError(problems)
    return replies


def render(template: str, facts: Mapping[str, str | None]) -> str:
    """Fill the placeholders; a line with one whose fact is missing is left out.

    Facts are inserted as they are: nothing in them is read as a template.
    """
    lines = []
    for line in template.strip("\n").split("\n"):
        names = _FIELD.findall(line)
        if all(facts.get(name) for name in names):
            lines.append(_FIELD.sub(lambda match: str(facts[match[1]]), line))
    return "\n".join(lines)
