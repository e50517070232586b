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
