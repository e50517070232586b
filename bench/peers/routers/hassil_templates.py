"""hassil: each example a sentence template of its intent, roles and companies in it as wildcards.

It matches or it does not; a message that no template matches goes to the fallback.
"""

from __future__ import annotations

import re
from typing import Any

from hassil import Intents, recognize_best

FALLBACK = "general"
_WILDCARDS = ("target_role", "company_name")
_SYNTAX = re.compile(r"[\[\](){}<>|:*\\]")


def fit(examples: list[dict[str, Any]]) -> Templates:
    """Compile the templates, per intent and state."""
    groups: dict[str, dict[str, list[str]]] = {}
    for example in examples:
        if template := _template(example):
            groups.setdefault(example["label"], {}).setdefault(example["state"], []).append(template)
    data = {
        label: {
            "data": [
                {"sentences": list(dict.fromkeys(templates)), "requires_context": {"state": state} if state else {}}
                for state, templates in states.items()
            ]
        }
        for label, states in groups.items()
    }
    lists = {name: {"wildcard": True} for name in _WILDCARDS}
    return Templates(Intents.from_dict({"language": "en", "intents": data, "lists": lists}))


def _template(example: dict[str, Any]) -> str:
    text = _plain(example["text"])
    for name in _WILDCARDS:
        value = example["slots"].get(name)
        if isinstance(value, str) and value.strip():
            text = re.sub(rf"\b{re.escape(_plain(value))}\b", f"{{{name}}}", text, count=1, flags=re.IGNORECASE)
    return text if _plain(text) not in {*_WILDCARDS, ""} else ""


def _plain(text: str) -> str:
    return " ".join(_SYNTAX.sub(" ", text).split())


class Templates:
    """The compiled intents."""

    def __init__(self, intents: Intents) -> None:
        self.intents = intents

    def read(self, message: dict[str, Any]) -> str:
        """The best match's intent."""
        found = recognize_best(
            _plain(message["text"]), self.intents, intent_context={"state": message["state"]}, language="en"
        )
        return found.intent.name if found else FALLBACK
