from __future__ import annotations

import pytest


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
