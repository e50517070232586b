from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growqr_router.normalise import normalise


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("don\u2019t", "don't"),
        ("10\u201315", "10-15"),
        ("inter\u200bview", "interview"),
        ("\uff2d\uff4f\uff43\uff4b", "Mock"),
        ("m\u043eck", "mock"),
        ("tab\there", "tab here"),
    ],
)
def test_look_alikes_and_invisible_characters_are_folded(written, folded):
    assert normalise(written).text == folded


def test_a_russian_sentence_stays_russian():
    assert normalise("\u0441\u043e\u0431\u0435\u0441").text == "\u0441\u043e\u0431\u0435\u0441"


def test_a_span_of_the_folded_text_leads_back_to_the_original():
    original = "a\u200b \uff2dock"
    folded = normalise(original)
    start = folded.text.index("Mock")
    assert original[slice(*folded.span(start, start + 4))] == "\uff2dock"


@given(st.text(max_size=300))
def test_every_character_has_an_offset_into_the_original(text):
    folded = normalise(text)
    offsets = list(folded.offsets)
    assert len(offsets) == len(folded.text) + 1
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)
