from __future__ import annotations

import pytest

from growqr_rules import load_pack
from growqr_workflows import WorkflowMachine
from growqr_workflows.machine import NotAllowedError

ANY = ("none", "draft", "edited", "approved", "live", "reviewed")
TABLE = {
    "preview": (ANY, "draft"),
    "configure": (ANY, "approved"),
    "regenerate": (("draft", "edited"), "draft"),
    "edit": (("draft",), "edited"),
    "approve": (("draft", "edited"), "approved"),
    "launch": (("approved", "live"), "live"),
    "review": (("approved", "live", "reviewed"), "reviewed"),
    "cancel": (ANY[1:], "none"),
}


@pytest.fixture(scope="module")
def machine():
    return WorkflowMachine(load_pack().workflow)


@pytest.mark.parametrize("transition", TABLE)
@pytest.mark.parametrize("state", ANY)
def test_each_transition_leads_where_the_design_says_or_is_not_allowed(machine, transition, state):
    sources, target = TABLE[transition]
    if state in sources:
        assert machine.after(state, transition) == target
    else:
        with pytest.raises(NotAllowedError):
            machine.after(state, transition)


def test_there_are_no_other_transitions(machine):
    assert {name for _, _, name in machine.edges()} == set(TABLE)


def test_the_diagram_names_every_edge(machine):
    diagram = machine.mermaid()
    assert diagram.startswith("stateDiagram-v2\n    [*] --> none")
    assert all(f"{source} --> {target}: {name}" in diagram for source, target, name in machine.edges())
