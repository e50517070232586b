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


@pytest.mark.parametrize(
    ("text", "expects", "asked_by", "reason"),
    [
        ("retention specialist", "target_role", "assignment.create", "slot_answer"),
        ("it is for a welder", "target_role", "assignment.create", "slot_answer"),
        ("the role is payroll officer", "target_role", "assignment.create", "slot_answer"),
        ("I would rather practise as a welder", "target_role", "assignment.create", "best_score"),
        ("sess_2c99aa", "session_id", "review.show", "slot_answer"),
        ("kim@x.io and lee@x.io please", "emails", "assignment.unassign", "slot_answer"),
        ("cancel sess_2c99aa", "session_id", "review.show", "best_score"),
        ("sess_2c99aa", "emails", "assignment.create", "best_score"),
        ("sess_2c99aa", None, "review.show", "best_score"),
    ],
)
def test_what_was_asked_for_and_little_else_is_for_the_intent_that_asked(default, text, expects, asked_by, reason):
    decision = default.route(text, Context(role="admin", last_intent=asked_by, expects=expects))
    assert decision.reason == reason
    if reason == "slot_answer":
        assert (decision.intent, expects in decision.slots) == (asked_by, True)
