"""What a message means because of what is pending: a question that was asked, a request that failed."""

from __future__ import annotations

from dataclasses import replace

from growqr_router import Decision
from growqr_rules.replies import render
from growqr_workflows.planning.assignments import assignment_lookup, pointed_at
from growqr_workflows.planning.turn import Turn
from growqr_workflows.snapshot import Request
from growqr_workflows.step import Step, say

_MOST_WORDS = 14
"""A longer message is a request of its own, whatever is pending."""
_BARE = 3
_OF_ITS_OWN = frozenset({"cancel", "help", "session.status"})
"""Intents that an answer to a question never means."""


def resolve(turn: Turn) -> Turn | Step:
    """The turn as what is pending makes it mean; a step of its own where that settles the matter."""
    answered = _answer(turn)
    if answered is not None:
        return answered
    return _repeat(turn) or turn


def _answer(turn: Turn) -> Turn | None:
    """The question's request with what the message adds; None when it does not answer the question."""
    asked = turn.snapshot.asked
    if asked is None or asked.expects is None:
        return None
    if asked.options:
        return _chosen(turn, asked)
    added, _ = turn.fill(asked.intent)
    if asked.expects == "questions" and not added.get("questions") and not _is_new(turn, asked):
        added = {**added, "questions": [turn.text.strip()]}
    if asked.expects == "assignment_ids" and asked.expects not in added:
        meant = pointed_at(turn, str(added.get("target_role") or ""))
        added = {asked.expects: meant} if len(meant) == 1 else added
    if asked.expects not in added:
        # Another missing part of the same request is progress too.
        goes_on = turn.intent == asked.intent or (turn.words <= _BARE and turn.intent not in _OF_ITS_OWN)
        return turn.as_request(asked, **added) if goes_on and added else None
    return None if _is_new(turn, asked) else turn.as_request(asked, **added)


def _is_new(turn: Turn, asked: Request) -> bool:
    """Whether the message asks for something else than what the question was about."""
    if turn.intent in _OF_ITS_OWN:
        return True
    other = turn.intent != asked.intent and not turn.decision.abstained
    return other and turn.words > _MOST_WORDS


def _chosen(turn: Turn, asked: Request) -> Turn | None:
    """Which of two readings the person meant: by place, by saying it plainly, or by a yes to the first."""
    place = 1 if turn.cue("second_choice") else 0 if turn.cue("first_choice", "approve") else None
    if place is None:
        place = next(
            (i for i, option in enumerate(asked.options) if option == (turn.intent or turn.decision.route)), None
        )
    if place is None or turn.words > _MOST_WORDS:
        return None
    return turn.as_request(asked.model_copy(update={"intent": asked.options[place]}))


def _repeat(turn: Turn) -> Turn | Step | None:
    """On "try again": the failed request, with what the message adds to it."""
    failed = turn.snapshot.failed
    if not turn.cue("retry"):
        return None
    if failed is None:
        bare = turn.words <= _BARE and not turn.slots and turn.session is None
        return say("retry_nothing") if bare else None
    elsewhere = turn.intent != failed.intent and not turn.decision.abstained and bool(turn.slots)
    if turn.words > _MOST_WORDS and (turn.intent != failed.intent or elsewhere):
        return None
    added, _ = turn.fill(failed.intent)
    changes = {name: value for name, value in added.items() if name not in ("planner_feedback", "questions")}
    return turn.as_request(failed, **changes)


def careful(turn: Turn, step: Step) -> Step:
    """A step that repeats a request of unknown outcome: reconciled by a GET where one tells, else with a warning."""
    failed = turn.snapshot.failed
    if failed is None or not failed.unknown or failed.intent != turn.intent or step.send is None:
        return step
    if failed.intent == "assignment.create":
        return replace(step, lookup=assignment_lookup(turn.slots["emails"]))
    if failed.intent in ("practice.preview", "practice.start") and step.new_session:
        return replace(step, notes={**step.notes, "duplicate": "yes"})
    return step


def _intent_share(decision: Decision) -> float:
    """How likely the intent is, given the route."""
    own = 1 - sum(other.confidence for other in decision.alternatives)
    beside = sum(other.confidence for other in decision.alternatives if other.route == decision.route)
    return own / (own + beside) if own > 0 else 0.0


def clarify(turn: Turn) -> Step | None:
    """One short question with the two best readings, where the guess is too weak for what acting on it would do."""
    effect = turn.pack.rules_of(turn.intent).effect
    threshold = turn.pack.manifest.thresholds.clarify.get(effect, 0.0)
    others = turn.decision.alternatives
    sure = min(turn.decision.confidence, _intent_share(turn.decision)) >= threshold
    if sure or not others or turn.snapshot.asked is not None:
        return None
    second = others[0].intent or others[0].route
    options = [render(turn.pack.replies[f"option_{name}"], {}) for name in (turn.intent, second)]
    asked = turn.request(expects="choice").model_copy(update={"options": [turn.intent, second]})
    return Step("clarify", kind="question", facts={"first": options[0], "second": options[1]}, asked=asked)
