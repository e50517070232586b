"""Stage `state_reply`."""

import pytest

from growqr_router import Context


def test_a_reply_means_what_the_state_makes_it_mean(read):
    verdict = read("yes please", "on_loan").verdict
    assert (verdict.winner, verdict.reason) == ("loan.renew", "state_reply")


@pytest.mark.parametrize(("text", "state"), [("yes", "none"), ("yes and find me a novel", "on_loan"), ("", "on_loan")])
def test_no_reply_in_another_state_or_with_more_said(read, text, state):
    assert read(text, state).verdict is None


@pytest.mark.parametrize(
    ("text", "intent"), [(":)", "draft.approve"), ("yes :-)", "draft.approve"), ("harder :)", "draft.regenerate")]
)
def test_a_smile_is_a_yes_to_a_draft_and_adds_nothing_to_another_reply(default, text, intent):
    decision = default.route(text, Context(state="draft"))
    assert (decision.intent, decision.reason) == (intent, "state_reply")
