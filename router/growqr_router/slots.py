"""From entities to the slots of one intent: which are carried, which of several values stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from growqr_router.decision import SlotSpan
from growqr_router.document import Document
from growqr_router.entities import Entity
from growqr_rules.entities import SlotRules

_LISTS = frozenset({"emails", "assignment_ids", "questions"})
_FEEDBACK = "planner_feedback"
_AD = "job_description"
_NAMES = frozenset({"target_role", "company_name", _AD})
_CORRECTED_WITHIN = 7
"""So many tokens at most stand between a value and the one that corrects it ("no wait, sorry, I mean")."""


def fill_slots(
    rules: SlotRules, intent: str, document: Document, entities: Sequence[Entity]
) -> tuple[dict[str, Any], dict[str, tuple[SlotSpan, ...]]]:
    """The slots that `intent` carries, and where their values stand.

    Lists take every value that is not negated, once. Of several values of another slot the last stands, because people
    correct themselves forwards ("10, no, 15"); for names the one that the message names most plainly, then the first,
    unless a later one corrects it.
    """
    slots: dict[str, Any] = {}
    spans: dict[str, tuple[SlotSpan, ...]] = {}
    for slot in rules.intents.get(intent, ()):
        kinds = (slot, *rules.stand_ins.get(intent, {}).get(slot, ()))
        least = rules.plainly.get(intent, {}).get(slot, 0)
        found = next((these for kind in kinds if (these := _found(entities, kind, least))), [])
        if slot == _FEEDBACK:
            found = [_feedback(document, entities)]
        if not found:
            continue
        if slot in _LISTS:
            found = _uncorrected(rules, document, found) if slot != "questions" else found
            slots[slot] = list(dict.fromkeys(e.value for e in found))
        else:
            standing = _uncorrected(rules, document, found)
            if slot in rules.together and len({e.value for e in standing}) > 1:
                value = rules.together[slot]
                if value is None:
                    continue
                slots[slot], found = value, [e._replace(origin="mapped") for e in standing]
            else:
                chosen = max(standing, key=lambda e: (e.rank, -e.start)) if slot in _NAMES else found[-1]
                slots[slot], found = chosen.value, [chosen]
        spans[slot] = tuple(SlotSpan(*document.span(e.start, e.end), e.origin, e.requested) for e in found)
    _imply(rules, intent, slots, spans)
    return slots, spans


def _found(entities: Sequence[Entity], slot: str, least: int) -> list[Entity]:
    return [e for e in entities if e.slot == slot and not e.negated and e.rank >= least]


def _uncorrected(rules: SlotRules, document: Document, found: Sequence[Entity]) -> list[Entity]:
    """Without the values that a word of correction right before the next value takes back."""
    kept = []
    for first, second in pairwise(found):
        between = [token.norm for token in document.tokens[first.end : second.start]]
        if not (len(between) <= _CORRECTED_WITHIN and set(between).intersection(rules.corrections)):
            kept.append(first)
    return [*kept, found[-1]]


def _imply(rules: SlotRules, intent: str, slots: dict[str, Any], spans: dict[str, tuple[SlotSpan, ...]]) -> None:
    for slot, table in rules.implied.items():
        for other, value in table.get(str(slots.get(slot)), {}).items():
            if other not in slots and other in rules.intents.get(intent, ()):
                slots[other] = value
                spans[other] = tuple(SlotSpan(s.start, s.end, "mapped") for s in spans[slot])


def _feedback(document: Document, entities: Sequence[Entity]) -> Entity:
    """The person's own words: the whole message less a pasted job description (LABELS.md, settled case 2)."""
    ad = next((document.span(e.start, e.end) for e in entities if e.slot == _AD), None)
    text = document.text if ad is None else document.text[: ad[0]] + document.text[ad[1] :]
    return Entity(_FEEDBACK, text.strip(), 0, len(document.tokens), "stated")
