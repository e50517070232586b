"""The stages, in the order in which the router runs them."""

from growqr_router.stages.decide import Decide
from growqr_router.stages.evidence import Evidence
from growqr_router.stages.find import Find
from growqr_router.stages.nearest import Nearest
from growqr_router.stages.similarity import Similarity
from growqr_router.stages.spell import Spell
from growqr_router.stages.state_reply import StateReply
from growqr_router.stages.template import Template

__all__ = ["Decide", "Evidence", "Find", "Nearest", "Similarity", "Spell", "StateReply", "Template"]
