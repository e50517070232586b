from __future__ import annotations

from itertools import product

import pytest

from growqr_router import Router
from growqr_router.entities.roles import RoleFinder
from growqr_router.tokenise import Tokeniser
from growqr_rules.entities import Roles

TOKENISER = Tokeniser()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("mock interview for a senior backend engineer", "senior backend engineer"),
        ("I'm applying to be a veterinary nurse", "veterinary nurse"),
        ("prep me for an ICU nurse role", "icu nurse"),
        ("SDE II interview at Zoho, please", "sde ii"),
        ("practice for VP of Revenue Operations", "vp of revenue operations"),
        ("interview for food and beverage manager tomorrow", "food and beverage manager"),
        ("mock for an R&D technician", "r&d technician"),
        ("interviews for plumbers, can you do one?", "plumber"),
        ("my interview as head of finance is on Monday", "head of finance"),
        ("role: cabin crew", "cabin crew"),
        ("a band 6 midwife job, quiz me", "band 6 midwife"),
        ("mock for forklift", "forklift"),
        ("Trainee electrician, 15 minutes", "trainee electrician"),
        ("mock interview as a lighting designer and director", "lighting designer and director"),
        ("mock for a Tool Grinders, Filers, and Sharpeners role", "tool grinders, filers, and sharpeners"),
        ("practice for Data Entry Clerk, Night Shift please", "data entry clerk, night shift"),
        ("HRBP, Unilever. go", "hrbp"),
        ("mock for a porter, friendly please", "porter"),
        ("un entretien pour un poste de comptable", "comptable"),
    ],
)
def test_titles_of_every_trade_are_read_as_said(slots, text, role):
    assert slots(text).get("target_role") == role


@pytest.mark.parametrize(
    "text",
    [
        "I had a chat with the VP of Sales, can I practise?",
        "the recruiter said I should rehearse",
        "interview me as if you were the head of growth",
        "my manager wants me to practise",
        "make it harder, second round, top 10 questions",
    ],
)
def test_other_peoples_titles_are_not_the_target(slots, text):
    assert "target_role" not in slots(text)


def test_a_correction_stands(slots):
    assert slots("mock for a waiter, no sorry, a barista")["target_role"] == "barista"


def test_a_company_before_a_plain_title_is_no_part_of_it(slots):
    found = slots("I have a Dangote graduate trainee interview next week, help me rehearse")
    assert (found["target_role"], found["company_name"]) == ("graduate trainee", "Dangote")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("mock for a co-pilot", "co-pilot"),
        ("voice-only mock for a front-of-house manager", "front-of-house manager"),
        ("practice for assistant to the registrar", "assistant to the registrar"),
        ("mock for an IT support analyst", "it support analyst"),
        ("interview for a year 4 teacher", "year 4 teacher"),
        ("mock interview for a developer 2", "developer 2"),
        ("interview for an analyst 15 minutes", "analyst"),
        ("mock for inspectors and testers", "inspectors and tester"),
        ("a nurse at Bupa, 10 minutes", "nurse"),
    ],
)
def test_what_a_word_is_in_a_title_hangs_on_the_words_around(slots, text, role):
    assert slots(text).get("target_role") == role


@pytest.mark.parametrize("title", ["deck hand", "deck hands", "ferry woman", "ferry women", "point guard captain"])
def test_a_fixed_title_is_found_in_the_plural_of_its_last_word(title):
    rules = Roles(phrases=["deck hand", "ferry woman", "point guard captain"])
    [found] = RoleFinder(rules, frozenset()).find(TOKENISER(f"any {title} ?"), {0})
    assert (found.start, found.end) == (1, 1 + len(title.split()))


class _Everything(frozenset):
    """A set that has every word: what it gates is always tried."""

    def __contains__(self, word):
        return True

    def isdisjoint(self, _):
        return False


LEADS = ["", "mock for", "applied as", "as", "becoming", "role:", "position of", "an opening"]
DETERMINERS = ["", "a", "an", "another", "the", "this", "my", '"', "( a"]
NAMES = [
    "forklift",
    "Zed",
    "AI forklift",
    "nurses",
    "Head",
    "cabin crew",
    "it helpdesks",
    "devops",
    "band 4",
    "zed-like",
]
CLOSERS = ["", "role", "gig", "interview", ".", "and nurses", "of", "zed"]


@pytest.fixture(scope="module")
def finders():
    """A finder as it is, and one that goes on where the cheap questions would stop it."""
    quick, patient = (RoleFinder(Router.default().pack.entities.roles, frozenset()) for _ in range(2))
    for gate in ("openers", "_calling", "_firsts"):
        assert hasattr(patient._words, gate)
        setattr(patient._words, gate, _Everything())
    return quick, patient


@pytest.mark.parametrize("lead", LEADS)
def test_no_title_is_lost_to_the_cheap_questions(finders, lead):
    quick, patient = finders
    for words in product([lead], DETERMINERS, NAMES, CLOSERS):
        document = TOKENISER(" ".join(words))
        assert list(quick.find(document, set())) == list(patient.find(document, set())), document.text
