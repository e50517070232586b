"""What holds for any text: spans lie in it and show the value, nothing raises, time grows with length only."""

from __future__ import annotations

import cProfile
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from growqr_router import LONGEST_TEXT, Router

ROUTER = Router.default()
INTENTS = sorted(ROUTER.pack.intents)
PIECES = (
    "mock interview", "for a senior nurse", "at Stripe", "10 minutes", "no 15", "a@x.org", "not b@x.org",
    "sess_9c41ab", "make it harder", "with John", "STAR", "swap 2 and 3", '"Why us?"', "Requirements: two years",
    "\n", ", ", "é", "🙂", "½", "assignments 31, 32", "top 10", "voice only", "the VP of Sales",
    "1. Why? 2. How?", "\u200b", "K\u0435y",
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, intent=st.sampled_from(INTENTS))
def test_spans_lie_in_the_text_and_show_stated_values(text, intent):
    slots, spans = ROUTER.slots(text, intent)
    assert slots.keys() == spans.keys()
    for name, value in slots.items():
        for span in spans[name]:
            assert 0 <= span.start <= span.end <= len(text)
        shown = " ".join(text[span.start : span.end] for span in spans[name])
        if name in ("session_id", "company_name"):
            assert str(value) in shown
        if name == "target_role":
            assert str(value).split()[0] in " ".join(shown.lower().split())


def _seconds(text):
    started = time.process_time()
    ROUTER.slots(text, "practice.preview")
    return time.process_time() - started


def _calls(text):
    profile = cProfile.Profile()
    profile.runcall(ROUTER.slots, text, "practice.preview")
    return sum(entry.callcount for entry in profile.getstats())


def test_work_grows_with_length_and_not_faster():
    """Four times the text is about four times the work; time, which a busy machine distorts, finds a slow regex."""
    nasty = [
        "a@" * 2_400,
        "x-1 " * 1_200,
        '"Why? ' * 800,
        "senior of and / & " * 270,
        "1. a 2) b\n" * 480,
        "§½é🙂 " * 960,
    ]
    for text in nasty:
        short, long = text[:4_800], text[:4_800] * 4
        assert len(long) <= LONGEST_TEXT
        base, grown = (min(_seconds(text) for _ in range(4)) for text in (short, long))
        assert grown <= 12 * base + 0.2, text[:20]
        assert _calls(long) <= 5 * _calls(short), text[:20]
