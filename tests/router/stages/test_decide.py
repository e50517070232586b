"""Stage `decide`."""

import pytest

from growqr_router import Context


def test_the_best_class_wins_and_the_others_are_named(pizzeria):
    decision = pizzeria.route("a large pizza please")
    assert (decision.route, decision.stage) == ("order", "similarity")
    assert [a.route for a in decision.alternatives] == ["hours"]
    assert decision.confidence > decision.alternatives[0].confidence


def test_a_verdict_is_certain_and_says_which_stage_gave_it(router):
    decision = router.route("yes please", Context(state="on_loan", role="reader"))
    assert (decision.intent, decision.stage, decision.abstained) == ("loan.renew", "state", False)
    assert decision.confidence > 0.99


def test_what_nothing_speaks_for_is_left_to_the_fallback(router):
    decision = router.route("lovely weather", Context(role="reader"))
    assert (decision.route, decision.intent) == ("staff", None)


def test_a_decision_below_the_threshold_is_abstained_from(default):
    decision = default.route("could you run something for the role")
    assert decision.abstained
    assert decision.confidence < default.pack.manifest.thresholds.abstain


@pytest.mark.parametrize("text", ["", "   ", "...", "???"])
@pytest.mark.parametrize("state", ["none", "draft", "approved"])
def test_nothing_said_is_no_request_in_any_state(default, text, state):
    decision = default.route(text, Context(state=state))
    assert (decision.route, decision.intent, decision.abstained) == ("general", None, True)
    assert decision.reason == "nothing_said"
