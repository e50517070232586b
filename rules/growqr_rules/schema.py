"""The JSON Schema of a pack's files, from the models that read them."""

from __future__ import annotations

from typing import Any, get_type_hints

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from growqr_rules.entities import EntityRules
from growqr_rules.pack import ClassRules, Concept, Cue, Manifest
from growqr_rules.workflow import Workflow

_REFS = "#/$defs/{model}"
FILES: dict[str, type[BaseModel]] = {"pack.yaml": Manifest, "workflow.yaml": Workflow}
"""Files that are one model each, beside those of `entities/`."""
TABLES: dict[str, type[BaseModel]] = {"concepts/*.yaml": Concept, "cues.yaml": Cue}
"""Files that map ids to a model."""
CLASSES = ("routes/*.yaml", "intents/*.yaml")


def pack_schema() -> dict[str, Any]:
    """File or pattern -> its schema under `properties`, the models under `$defs`."""
    files = FILES | {f"entities/{name}.yaml": model for name, model in get_type_hints(EntityRules).items()}
    files |= dict.fromkeys(CLASSES, ClassRules)
    models = list(dict.fromkeys((*files.values(), *TABLES.values())))
    refs, schema = models_json_schema([(model, "validation") for model in models], by_alias=True, ref_template=_REFS)
    properties: dict[str, Any] = {name: refs[model, "validation"] for name, model in files.items()}
    for name, model in TABLES.items():
        properties[name] = {"type": "object", "additionalProperties": refs[model, "validation"]}
    properties["replies/*.yaml"] = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule pack: each property is a file, or a pattern of files, of the pack's folder",
        "type": "object",
        "properties": dict(sorted(properties.items())),
        "$defs": schema["$defs"],
    }
