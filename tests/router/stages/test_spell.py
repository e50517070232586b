"""Stage `spell`."""

import pytest

from growqr_router import Context


def mended(router, text):
    return [(t.text, t.norm) for t in router.read(text, Context()).document.tokens if t.mended]


def test_an_unknown_word_becomes_the_known_one_that_is_near(pizzeria):
    assert mended(pizzeria, "i want a pzza") == [("pzza", "pizza")]


@pytest.mark.parametrize("text", ["i want pizza", "what a puzzle", "we met Pizzo there", "pza"])
def test_known_words_english_words_names_and_short_words_are_left_alone(pizzeria, text):
    assert mended(pizzeria, text) == []
