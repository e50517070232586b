from __future__ import annotations

import pytest
import spacy

from growqr_router import Context
from growqr_router.entities import Extractor
from growqr_router.tokenise import Tokeniser
from growqr_rules import load_pack


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("mock interview for an analyst at Stripe", "Stripe"),
        ("interview with 10x Genomics next week, lab technician", "10x Genomics"),
        ("prep for a nurse role at St. Brendan's", "St. Brendan's"),
        ("paralegal at Slater and Gordon, run a mock", "Slater and Gordon"),
        ("cashier interview at target tomorrow", "target"),
        ("penguin keeper at Edinburgh Zoo, let me practise", "Edinburgh Zoo"),
        ("Two Sigma interview, quant, hard", "Two Sigma"),
        ("company: Petronas, role: piping engineer", "Petronas"),
        ("not Google, Spotify. data scientist mock", "Spotify"),
        ("campus recruiters from tcs come next week, run a mock", "tcs"),
        ("change company to Sage and drop to 5 min", "Sage"),
        ("Product designer, Figma, go live right away please", "Figma"),
        ("linear - the company, not algebra - frontend engineer mock", "linear"),
        ("warehouse associate interview at amzon, 5 min", "amzon"),
        ("Ghosted after the final at Boeing. New final at Airbus next week, quiz me", "Airbus"),
        ("I want a mock. Nursery Practitioner. Little Acorns Day Nursery is hiring!", "Little Acorns Day Nursery"),
        ("interview in Siemens Healthineers on Tuesday, field engineer, rehearse me", "Siemens Healthineers"),
        ("so target wants to talk to me about a cashier spot, run a mock", "target"),
        ("keep thinking Uber, no idea why, it's Lyft that sees me. mock for a product designer", "Lyft"),
        ("a dairy called Three Sisters wants a milker, let me practise", "Three Sisters"),
        ("mock for the wee bakers, Kelly's Rolls, are looking for a baker", "Kelly's Rolls"),
        ("zomatto operations executive mock", "zomatto"),
    ],
)
def test_names_are_found_by_list_and_by_what_stands_around_them(slots, text, company):
    assert slots(text).get("company_name") == company


@pytest.mark.parametrize(
    "text",
    [
        "Mock interview in Leeds for a baker",
        "interview on Monday for a clerk",
        "SQL and Kubernetes questions for a data engineer",
        "use the STAR method, ask follow-ups",
        "Want a practice interview, next please",
        "I got rejected by Amazon, so a mock for a driver",
        "The agency says I should run a mock for a nanny role",
        "UX designer mock, Figma, Jira and so on",
        "mock for a guide in Costa Rica",
        "nothing like the Boots interview I failed last year please, mock for a chemist",
        "My mate Chase got a job as a welder, run a mock for that",
        "SAP consultant, 5 yrs exp in Capgemini, want to switch. mock please",
        "Payal please, mock for a cook",
    ],
)
def test_places_weekdays_skills_and_lost_causes_are_no_companies(slots, text):
    assert "company_name" not in slots(text)


def test_a_statistical_pipeline_may_add_names(tmp_path):
    """The `spacy_model` setting; here a pipeline that knows one name, loaded from a folder like any other."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "zzyzx"}])
    pipeline.to_disk(tmp_path / "model")
    pack = load_pack()
    document = Tokeniser()("a mock for a welder, zzyzx wants somebody good")

    def read(model):
        found = Extractor(pack.entities, frozenset(), Tokeniser(), model).extract(document, Context())
        return [e.value for e in found if e.slot == "company_name"]

    assert read(None) == []
    assert read(str(tmp_path / "model")) == ["zzyzx"]
