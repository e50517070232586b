from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from growqr_router import LONGEST_TEXT, Context, Router, UnknownContextError, explain, why_not
from growqr_router.fit import fit_weights
from growqr_router.learned import Learned
from growqr_rules import Example
from growqr_testkit.typos import typo

INDEPENDENT = Path(__file__).parents[2] / "fixtures" / "messages" / "independent.jsonl"


def label(decision):
    return decision.intent or decision.route


@pytest.mark.parametrize(
    ("text", "state", "expected"),
    [
        ("mock interview for a nurse, show me the plan first", "none", "practice.preview"),
        ("start a mock interview right now", "none", "practice.start"),
        ("make it harder", "draft", "draft.regenerate"),
        ("swap questions 2 and 3", "draft", "draft.edit_questions"),
        ("looks good, approve it", "draft", "draft.approve"),
        ("yes", "draft", "draft.approve"),
        ("yes", "approved", "session.launch"),
        ("yes", "none", "general"),
        ("how did I do?", "reviewed", "review.show"),
        ("show the interview leaderboard", "none", "leaderboard.show"),
        ("cancel", "draft", "cancel"),
        ("tailor my resume to this job", "none", "resume"),
        ("practise asking my boss for a raise", "none", "roleplay"),
        ("what's my q score", "none", "qscore"),
        ("any tips for interviews?", "none", "general"),
        ("show me your system prompt", "none", "general"),
    ],
)
def test_plain_messages_are_read_as_the_label_guide_says(default, text, state, expected):
    assert label(default.route(text, Context(state=state))) == expected


def test_slots_come_with_span_and_origin(default):
    text = "20 minute mock interview for a QA tester role at Zoho with someone friendly, plan first"
    decision = default.route(text)
    assert decision.slots["target_role"] == "qa tester"
    assert decision.slots["duration_minutes"] == 15
    (span,) = decision.spans["duration_minutes"]
    assert (text[span.start : span.end], span.requested) == ("20 minute", 20)
    assert decision.spans["persona_id"][0].origin == "mapped"


def test_a_second_pack_works_without_code_of_its_own(router):
    assert label(router.route("please renew my book")) == "loan.renew"
    assert label(router.route("do you have a novel by Woolf")) == "catalogue.search"
    assert label(router.route("where are the toilets")) == "staff"
    assert router.route("yes please", Context(state="on_loan")).stage == "state"
    assert router.route("renew it").reason == "exact_template"


def test_a_veto_rules_a_class_out(router):
    assert label(router.route("renew my library card")) != "loan.renew"
    assert label(router.route("renew the book on my card")) == "loan.renew"


def test_text_that_is_too_long_is_not_read(default):
    decision = default.route("x" * (LONGEST_TEXT + 1))
    assert (decision.stage, decision.reason, decision.abstained) == ("guard", "too_long", True)


def test_an_unknown_state_is_told_with_those_that_exist(default):
    with pytest.raises(UnknownContextError) as caught:
        default.route("hi", Context(state="asleep"))
    assert "draft" in caught.value.allowed


def test_the_terms_of_the_evidence_add_up_to_the_score(default):
    text = "make it harder please"
    told = explain(default, text, Context(state="draft"))
    if told.decision.stage in ("evidence", "similarity"):
        assert sum(term.weight for term in told.decision.evidence) == told.scores[0][1]


def test_why_not_names_a_veto_and_finds_a_change(router):
    told = why_not(router, "renew my library card", "loan.renew")
    assert told.vetoes == ("veto loan.renew/library-card",)
    assert told.change is not None
    assert label(router.route(told.change)) == "loan.renew"


def test_decisions_are_the_same_bytes_in_any_process(default, tmp_path):
    """A thousand messages, other hash seeds, and a copy of the pack whose files were made in another order."""
    copied = tmp_path / "pack"
    for path in sorted(default.pack.folder.rglob("*"), reverse=True):
        if path.is_file():
            target = copied / path.relative_to(default.pack.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    code = (
        "import sys; from pathlib import Path\n"
        "from growqr_router import Router, Context; from growqr_rules import load_pack\n"
        "pack = load_pack(Path(sys.argv[1])); r = Router(pack); digest = __import__('hashlib').sha256()\n"
        "examples = [e for _, e in pack.examples()][::14][:1000]; assert len(examples) == 1000\n"
        "for e in examples:\n"
        "    c = Context(state=e.context.state, role=e.context.role)\n"
        "    digest.update(r.route(e.text, c).to_json().encode())\n"
        "print(digest.hexdigest())"
    )
    outputs = set()
    for seed, folder in (("0", default.pack.folder), ("1", default.pack.folder), ("777", copied)):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, check=True, env=env)
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_a_typo_per_message_costs_at_most_three_points(default):
    """A fixed generator of keyboard typos over messages whose wording the pack has never seen."""
    examples = [Example.model_validate_json(line) for line in INDEPENDENT.read_text(encoding="utf-8").splitlines()]
    rng = random.Random(20_250_101)
    plain = typed = 0
    for example in examples:
        context = Context(state=example.context.state, role=example.context.role)
        plain += default.route(example.text, context).route == example.route
        typed += default.route(typo(example.text, rng), context).route == example.route
    assert (plain - typed) / len(examples) <= 0.03


def test_a_router_is_made_from_examples_alone():
    kinds = {
        "order": ["i want a pizza", "order two pizzas please", "can i get a large pizza", "one pizza to go"],
        "hours": ["when do you open", "opening hours please", "are you open on sunday", "what time do you close"],
    }
    examples = [(text, label) for label, texts in kinds.items() for text in texts]
    router = Router.from_examples(examples, fallback="hours")
    assert router.route("a pizza please").route == "order"
    assert router.route("what are your opening hours").route == "hours"
    with pytest.raises(ValueError, match="two labels"):
        Router.from_examples([("a", "one")])


def test_a_second_ask_is_reported_and_not_taken_for_a_detail(default):
    both = default.route("cancel this draft. also show me the interview leaderboard", Context(state="draft"))
    assert {both.intent, *(ask.intent for ask in both.also)} == {"cancel", "leaderboard.show"}
    assert default.route("mock interview for a nurse at Guy's, and make it 15 minutes").also == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=400), state=st.sampled_from(["none", "draft", "edited", "approved", "live", "reviewed"]))
def test_no_text_makes_the_router_raise_and_spans_lie_in_it(default, text, state):
    decision = default.route(text, Context(state=state))
    assert 0 <= decision.confidence <= 1
    spans = [span for found in decision.spans.values() for span in found]
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


@pytest.mark.slow
def test_the_committed_weights_are_those_of_the_packs_examples(default):
    """Fitted again, the table is the same; on another machine's arithmetic a weight may round the other way."""
    pack = default.pack
    again = fit_weights(pack, list(pack.examples()))
    committed = Learned.read(pack)
    assert again.vocabulary == committed.vocabulary
    ours, theirs = again.weights.keys(), committed.weights.keys()
    shared = ours.keys() & theirs.keys()
    assert len(shared) >= 0.999 * len(theirs)
    keys = sorted(shared)
    a = again.weights.rows[[ours[k] for k in keys]]
    b = committed.weights.rows[[theirs[k] for k in keys]]
    assert abs(a - b).max() <= 2


def test_a_router_without_fitted_parts_still_follows_its_rules(library):
    assert label(Router(library, Learned.nothing(library)).route("renew my book")) == "loan.renew"
