from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from growqr_router import Context, Router
from growqr_rules import Example
from growqr_testkit.golden import load_conversations
from growqr_testkit.mutation import (
    DROP,
    SCORED,
    Bench,
    Edit,
    Mutant,
    NotHoldingError,
    choose,
    mutate,
    to_json,
    to_text,
)
from growqr_testkit.mutation.memory import bare
from growqr_testkit.mutation.phrase_mutants import phrase_mutants
from growqr_testkit.mutation.rule_mutants import rule_mutants
from growqr_testkit.mutation.workflow_mutants import workflow_mutants

CONVERSATION = """
- name: to-the-draft
  turns:
    - user: "mock interview for a nurse, plan first"
      expect: {state: draft, outcome: {persona_id: emma}}
"""


def named(mutants, what):
    """The one mutant of this name."""
    (found,) = [mutant for mutant in mutants if mutant.what == what]
    return found


@pytest.fixture(scope="module")
def bench(router, messages):
    return Bench(router, messages)


@pytest.fixture(scope="module")
def conversations(tmp_path_factory):
    path = tmp_path_factory.mktemp("c") / "c.yaml"
    path.write_text(CONVERSATION)
    return Bench(Router.default(), load_conversations([path]))


def test_a_mutant_changes_one_place_and_shares_the_rest(router):
    pack = router.pack
    mutant = Mutant("rules", "", (Edit(("intents", "loan.renew", "rules", "renew-book", "all", 1), DROP),))
    changed = mutant.of(pack)
    assert changed.intents["loan.renew"].rules["renew-book"].all == ["renew"]
    assert pack.intents["loan.renew"].rules["renew-book"].all == ["renew", "book"]
    assert changed.concepts is pack.concepts
    assert changed.intents["catalogue.search"] is pack.intents["catalogue.search"]


def test_a_mutant_knows_where_its_rule_is_written(router, places):
    mutant = named(rule_mutants(router.pack), "drop veto loan.renew/library-card")
    place = mutant.place(places)
    assert "library-card" in Path(place.file).read_text().splitlines()[place.line - 1]


def test_a_broken_rule_that_a_message_needs_is_noticed(bench, router):
    mutants = list(rule_mutants(router.pack))
    assert bench.judge(named(mutants, "drop rule loan.renew/renew-book")).killed_by == "renew my novel"
    by = bench.judge(named(mutants, "drop veto loan.renew/library-card")).killed_by
    assert by == "my card, can you renew it [on_loan]"


def test_a_broken_rule_that_no_message_comes_by_is_told_as_such(bench, router, places):
    mutant = named(rule_mutants(router.pack), "short answers 1 of loan.renew: drop assent of concepts")
    found = mutate(bench, [mutant])
    (fate,) = found.survivors
    assert (fate.reached, fate.killed_by) == (0, None)
    assert f"{mutant.place(places)}: {mutant.what}; no test comes by it" in to_text(found, places)
    assert to_json(found, places)["survivors"][0]["line"] == mutant.place(places).line


def test_labelled_messages_notice_too_and_those_read_wrongly_are_left_out(router):
    reader = {"role": "reader"}
    right = Example(id="r", text="extend this book", route="library", intent="loan.renew", context=reader)
    wrong = Example(id="w", text="extend a book", route="staff", context=reader)
    mutant = named(rule_mutants(router.pack), "drop rule loan.renew/renew-book")
    fate = Bench(router, [], [wrong, right]).judge(mutant)
    assert fate.killed_by == "r"


def test_goldens_that_do_not_hold_prove_nothing(router, messages):
    wrong = replace(messages[0], model=messages[0].model.model_copy(update={"intent": "catalogue.search"}))
    with pytest.raises(NotHoldingError, match="renew my novel"):
        Bench(router, [wrong])


def test_the_same_seed_gives_the_same_mutants(router):
    def names(seed):
        return [mutant.what for mutant in choose(router.pack, seed=seed, singles=5)]

    assert names(1) == names(1)
    assert names(1) != names(2)
    assert sum(m.group not in SCORED for m in choose(router.pack, seed=1, singles=5)) == 5


def test_the_budget_ends_a_run_and_says_what_is_left(bench, router):
    ticks = iter(range(100))
    found = mutate(bench, list(rule_mutants(router.pack)), budget=3, clock=lambda: next(ticks))
    assert len(found.fates) == 2
    assert found.left == len(list(rule_mutants(router.pack))) - 2


def test_a_conversation_notices_a_wrong_default_and_a_wrong_transition(conversations):
    mutants = list(workflow_mutants(Router.default().pack))
    assert conversations.judge(named(mutants, "persona_id: emma -> john")).killed_by == "to-the-draft"
    assert conversations.judge(named(mutants, "preview leads to live")).killed_by == "to-the-draft"
    assert conversations.judge(named(mutants, "approve leads to live")).reached == 0


def test_a_change_that_configures_everything_alike_is_told_apart_and_not_run(conversations):
    mutants = {mutant.what: mutant for mutant in workflow_mutants(Router.default().pack)}
    same = mutants["swap inference 1 and 2"]
    assert same.equivalent is not None
    assert mutants["swap inference 2 and 3"].equivalent is None
    found = mutate(conversations, [same])
    assert (found.fates, found.equivalent) == ((), (same,))


TEXTS = [
    ("mock interview for a nurse, plan first", "none"),
    ("nooo", "draft"),
    ("i would like to practise and rehearse", "none"),
    ("make it harder, and 10 minutes with payal", "draft"),
]


@pytest.mark.parametrize(
    "what",
    [
        "drop 'payal' of persona_id payal",
        "short answers 1 of cancel: drop reply_draft_no of concepts",
    ],
)
def test_a_revised_router_decides_as_one_made_of_the_changed_pack(what):
    default = Router.default()
    mutant = named([*rule_mutants(default.pack), *phrase_mutants(default.pack)], what)
    pack = mutant.of(default.pack)
    revised, made = default.revised(pack), Router(pack)
    for text, state in TEXTS:
        context = Context(state=state)
        assert bare(revised.route(text, context)) == bare(made.route(text, context))
