"""From a message and a conversation to the step to take."""

from growqr_workflows.planning.assignments import assignment_lookup
from growqr_workflows.planning.plan import plan
from growqr_workflows.planning.turn import Turn

__all__ = ["Turn", "assignment_lookup", "plan"]
