"""Rule packs, and what reads and checks them."""

from growqr_rules.loading import DEFAULT_PACK, load_pack
from growqr_rules.pack import (
    ClassRules,
    Concept,
    Example,
    Label,
    Pack,
    Reply,
    Rule,
    Veto,
    bare_pack,
    read_examples,
)
from growqr_rules.places import Place, Places
from growqr_rules.source import Problem, RulesError

__all__ = [
    "DEFAULT_PACK",
    "ClassRules",
    "Concept",
    "Example",
    "Label",
    "Pack",
    "Place",
    "Places",
    "Problem",
    "Reply",
    "Rule",
    "RulesError",
    "Veto",
    "bare_pack",
    "load_pack",
    "read_examples",
]
