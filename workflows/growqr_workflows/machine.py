"""The state machine: one shared, synchronous `transitions.Machine`, built from the pack. Only this module knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transitions import Machine, MachineError

from growqr_rules.workflow import Workflow


class NotAllowedError(Exception):
    """A transition that the present state does not have."""


@dataclass(slots=True)
class _Model:
    state: str


class WorkflowMachine:
    """Answers what a transition leads to. Holds no model: safe to share between conversations and threads."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        states = {workflow.initial, *(t.to for t in workflow.transitions.values())}
        states.update(state for t in workflow.transitions.values() for state in t.from_)
        self._machine = Machine(
            model=None,
            states=sorted(states),
            initial=workflow.initial,
            auto_transitions=False,
            transitions=[
                {"trigger": name, "source": list(t.from_), "dest": t.to} for name, t in workflow.transitions.items()
            ],
        )

    def after(self, state: str, transition: str) -> str:
        """The state that `transition` leads to from `state`.

        Raises:
            NotAllowedError: there is no such transition from there.
        """
        model = _Model(state)
        try:
            self._machine.events[transition].trigger(model)
        except MachineError as error:
            raise NotAllowedError(f"{transition} is not possible in state {state}") from error
        return model.state

    def edges(self) -> Iterator[tuple[str, str, str]]:
        """Every (from, to, transition), in the pack's order."""
        for name, transition in self.workflow.transitions.items():
            for source in transition.from_:
                yield source, transition.to, name

    def mermaid(self) -> str:
        """The diagram as Mermaid text."""
        lines = [f"    {source} --> {target}: {name}" for source, target, name in self.edges()]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.workflow.initial}", *lines, ""])
