"""`replies/*.yaml`: the wording of a pack, as small templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from growqr_rules.source import Problem, read_yaml

_FIELD = re.compile(r"\{([a-z_]+)\}")


def load_replies(folder: Path, problems: list[Problem]) -> dict[str, str]:
    """Template id -> text, from all files of `folder/replies`; what is wrong goes into `problems`."""
    replies: dict[str, str] = {}
    for path in sorted((folder / "replies").glob("*.yaml")):
        source = read_yaml(path, problems)
        if source is None or not isinstance(source.data, dict):
            continue
        for key, text in source.data.items():
            if not isinstance(text, str) or key in replies:
                problems.append(source.problem("R301", (key,), "must be one text, defined once"))
            elif "{" in _FIELD.sub("", text):
                problems.append(source.problem("R302", (key,), "has a brace that is no {placeholder}"))
            else:
                replies[key] = text
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
