from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from growqr_router import Router
from growqr_router.learned import Learned
from growqr_router.neighbours import Neighbour, Neighbours
from growqr_rules import Example, Place, Places, load_pack
from growqr_testkit.linting import Said, lint_corpus, lint_rules

LIBRARY = Path(__file__).parents[1] / "packs" / "library_en"
READER = {"role": "reader"}


@pytest.fixture
def broken(tmp_path):
    """A copy of the library pack to break."""
    return Path(shutil.copytree(LIBRARY, tmp_path / "pack"))


def found(folder, code):
    """(file and line's text, message) of each finding of a code."""
    pack = load_pack(folder)
    findings = [f for f in lint_rules(pack, Places(folder), Learned.nothing(pack)) if f.code == code]
    return [(Path(f.place.file).read_text().splitlines()[f.place.line - 1].strip(), f.message) for f in findings]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_pack_in_order_has_no_problem():
    pack = load_pack(LIBRARY)
    found = list(lint_rules(pack, Places(LIBRARY), Learned.nothing(pack)))
    assert [f for f in found if f.level == "problem"] == []


def test_a_phrase_that_its_own_not_hides_is_never_found(broken):
    edit(broken / "concepts" / "all.yaml", "not: [renew my card]", "not: [renewing]")
    ((line, message),) = found(broken, "L101")
    assert line.startswith("phrases: [renew")
    assert message == "'renew' of renew is never found: its own not, 'renewing', reads the same"
    assert Router(load_pack(broken)).read("renew").hits == []


def test_phrases_that_read_alike_are_noted(broken):
    edit(broken / "concepts" / "all.yaml", "[book, novel", "[book, books, novel")
    assert found(broken, "L203")[0][1] == "phrases of book that read like an earlier one: 'books' like 'book'"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{all: [renew, book], none: [book], weight: 800}", "wants book and excludes it"),
        ("{any: [book], none: [book], weight: 800}", "excludes all that it wants one of"),
        ("{all: [renew, book], weight: 0}", "weighs nothing"),
        ("{all: [renew, book], entities: [isbn], weight: 800}", "wants isbn, which no intent has as a slot"),
    ],
)
def test_a_rule_that_cannot_do_anything_is_dead(broken, rule, message):
    edit(broken / "intents" / "loan.renew.yaml", "{all: [renew, book], weight: 800}", rule)
    told = [message for line, message in found(broken, "L102") if line.startswith("renew-book")]
    assert any(message in each for each in told)


def test_a_template_that_an_earlier_one_settles_is_shadowed(broken):
    edit(broken / "intents" / "loan.renew.yaml", "[renew it]", "[renew it, renewing it]")
    assert found(broken, "L103")[0][1] == (
        "the template 'renewing it' of loan.renew is settled by 'renew it' of loan.renew"
    )


def test_a_short_answer_that_two_classes_claim_goes_to_neither(broken):
    with (broken / "intents" / "catalogue.search.yaml").open("a") as file:
        file.write("replies: [{states: [on_loan], concepts: [assent]}]\n")
    assert "in on_loan, catalogue.search claims 'yes' of assent and loan.renew 'yes'" in found(broken, "L204")[0][1]


def test_a_state_that_no_path_leads_to_is_told(broken):
    (broken / "workflow.yaml").write_text(
        "initial: none\ntransitions:\n  back: {from: [on_loan], to: none}\ndefaults: {}\n"
    )
    messages = [message for _, message in found(broken, "L105")]
    assert messages == [
        "back begins in on_loan, which no path from none leads to",
        "no path from none leads to the state on_loan",
    ]


def test_a_concept_that_nothing_looks_at_is_unused(broken):
    with (broken / "concepts" / "all.yaml").open("a") as file:
        file.write("shelf: {kind: object, phrases: [shelf]}\n")
    assert found(broken, "L106")[0][1].endswith("names the concept shelf, and no weight looks at it")


EXAMPLES = [
    ("loan.renew", "none", "renew the book"),
    ("catalogue.search", "none", "find the book"),
    ("staff", "none", "pay the fine"),
]


def corpus(said=()):
    """The messages of a corpus lint of the library pack with a few examples."""
    pack = load_pack(LIBRARY)
    router = Router(pack)
    near = Neighbours([Neighbour(f"a:{n}", c, s, tuple(t.split())) for n, (c, s, t) in enumerate(EXAMPLES)])
    nothing = Learned.nothing(pack)
    learned = Learned(nothing.weights, near, nothing.vocabulary, nothing.calibration)
    items = [Said(Example(text=t, route=r, intent=i, context=READER), Place("m.jsonl", n)) for n, (r, i, t) in said]
    return {f.message: f for f in lint_corpus(router, Places(LIBRARY), learned, items)}


def test_vetoes_and_rules_that_fire_on_no_example_are_told():
    told = corpus()
    assert told["the veto loan.renew/library-card fires on no example"].code == "L107"
    assert told["the rule loan.renew/renew-on-loan fires on no example"].code == "L102"
    assert "the rule loan.renew/renew-book fires on no example" not in told


def test_what_another_class_wins_is_told_with_the_first_message():
    told = corpus([(7, ("staff", None, "extend my book, who do I ask"))])
    (note,) = [f for f in told.values() if f.code == "L201"]
    assert note.message == (
        "loan.renew wins 1 of 1 messages of staff, such as 'extend my book, who do I ask' (m.jsonl:7)"
    )
    assert note.level == "note"


def test_neighbours_without_a_minimal_pair_are_told_and_those_with_one_are_not():
    lost = [(n, ("staff", None, f"extend book {word}")) for n, word in enumerate(["a", "b", "c"])]
    mixed = [(n, ("library", "catalogue.search", f"extend book {word}")) for n, word in enumerate(["a", "b", "c"])]
    assert any("loan.renew and staff are close in 3 messages" in message for message in corpus(lost))
    assert not any("catalogue.search and loan.renew are close" in message for message in corpus(mixed))
