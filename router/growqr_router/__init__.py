"""A deterministic intent router: a message and its context in, one explained `Decision` out."""

from growqr_router.cascade import Budget, Cascade, CascadeError, Counters, Routed
from growqr_router.decision import Alternative, Ask, Context, Decision, Evidence, PackRef, SlotSpan
from growqr_router.explain import Explanation, WhyNot, explain, why_not
from growqr_router.router import LONGEST_TEXT, Router, UnknownContextError

__all__ = [
    "LONGEST_TEXT",
    "Alternative",
    "Ask",
    "Budget",
    "Cascade",
    "CascadeError",
    "Context",
    "Counters",
    "Decision",
    "Evidence",
    "Explanation",
    "PackRef",
    "Routed",
    "Router",
    "SlotSpan",
    "UnknownContextError",
    "WhyNot",
    "explain",
    "why_not",
]
