from __future__ import annotations

from growqr_router.lexicon import Hit, Lexicon
from growqr_router.tokenise import Tokeniser

tokenise = Tokeniser()


def find(text, *concepts):
    stems = [token.stem for token in tokenise(text).tokens if token.is_word]
    return Lexicon(concepts, tokenise).find(stems)


def test_a_phrase_is_found_in_any_inflection():
    assert find("practising interviews", ("practice", ["practice interview"], [])) == [Hit(0, 2, "practice")]


def test_a_gap_takes_up_to_three_words():
    concept = ("raise", ["ask _ raise"], [])
    assert find("ask my very own raise", concept) == [Hit(0, 5, "raise")]
    assert find("ask my very very own raise", concept) == []


def test_a_gap_may_be_empty():
    assert find("ask raise", ("raise", ["ask _ raise"], [])) == [Hit(0, 2, "raise")]


def test_a_longer_phrase_blocks_the_concept_it_holds():
    concept = ("practice", ["practice"], ["private practice"])
    assert find("my private practice", concept) == []
    assert find("my practice", concept) == [Hit(1, 2, "practice")]


def test_of_overlapping_hits_of_one_concept_the_longest_stays():
    assert find("mock interview", ("mock", ["mock", "mock interview"], [])) == [Hit(0, 2, "mock")]
