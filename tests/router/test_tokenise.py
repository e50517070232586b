from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growqr_router.tokenise import Tokeniser, fold_word, stem_word

tokenise = Tokeniser()
SPECIAL = ("cant", "Cant", "CANT", "im", "id", "Ill", "gonna", "wanna", "dont", "whats", "shes", "lets", "were", "well")


def norms(text):
    return [token.norm for token in tokenise(text).tokens]


@pytest.mark.parametrize(
    ("written", "folded"),
    [("practise", "practice"), ("practising", "practicing"), ("organised", "organized"), ("exercise", "exercise"),
     ("colour", "color"), ("CV", "resume"), ("mins", "minutes"), ("pls", "please")],
)  # fmt: skip
def test_spellings_of_several_englishes_are_one(written, folded):
    assert fold_word(written) == folded


def test_contractions_become_words():
    assert norms("I don't") == ["i", "do", "not"]


@pytest.mark.parametrize("written", ["I dont want", "i DONT want", "I don't want", "they havent want", "HAVENT want"])
def test_contractions_negate_without_their_apostrophe(written):
    document = tokenise(written)
    assert [document.norms[i] for i in document.negated] == ["want"]


@pytest.mark.parametrize(
    ("written", "negated"), [("nah harder", []), ("nope a teacher", []), ("no harder", ["harder"])]
)
def test_a_no_that_only_answers_negates_nothing(written, negated):
    document = tokenise(written)
    assert [document.norms[i] for i in sorted(document.negated)] == negated


def test_a_letter_that_stands_for_a_word_can_end_a_sentence():
    assert norms("thank u. start") == ["thank", "you", ".", "start"]
    assert norms("J. Smith, b. 1980")[:2] == ["j.", "smith"]


def test_an_address_stays_one_token():
    assert "bob.smith@x.io" in norms("mail bob.smith@x.io now")


@pytest.fixture(scope="module")
def prepared():
    """A tokeniser that knows spaCy's special cases, as a compiled pack makes it."""
    return Tokeniser(tokenise.seen([]))


@given(
    st.one_of(st.text("abcdefghijklmnopqrstuvwxyzIDSCANT", min_size=1, max_size=12), st.sampled_from(SPECIAL)),
    st.text(",?!;:).'-1", max_size=2),
)
def test_special_cases_and_plain_words_with_a_mark_are_read_as_spacy_reads_them(prepared, word, marks):
    assert prepared(word + marks) == tokenise(word + marks)


def test_plain_words_do_not_wait_for_spacy():
    known = Tokeniser(tokenise.seen(["don't,"]))
    assert [token.text for token in known("zorbly don't, Qwx?").tokens] == ["zorbly", "do", "n't", ",", "Qwx", "?"]
    assert "_spacy" not in vars(known)
    assert [token.text for token in known("zorbly...").tokens] == ["zorbly", "..."]
    assert "_spacy" in vars(known)


def test_words_are_stemmed_alike_in_several_threads_at_once():
    starts = ("interview", "prepar", "nation", "generat", "organis", "relat", "condit", "harden", "cover", "feder")
    ends = ("ing", "ational", "ations", "edly", "ness", "ers", "ful", "izer", "ously", "ement", "ality", "ibly")
    words = [f"{start}{end}{n}" for n in ("", "ly", "less", "ize") for start in starts for end in ends]

    def stems(_):
        return [stem_word(word) for word in words]

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(stems, range(4)))
    finally:
        sys.setswitchinterval(before)
    stem_word.__globals__["_STEMS"].clear()
    assert found == [stems(0)] * 4


def test_a_warm_tokeniser_waits_for_nothing():
    known = Tokeniser(tokenise.seen([]))
    known.warm()
    assert "_spacy" in vars(known)


def negated(text):
    document = tokenise(text)
    return [document.tokens[i].norm for i in sorted(document.negated)]


def test_a_negation_reaches_to_the_end_of_its_clause():
    assert negated("not john, emma please") == ["john"]


@pytest.mark.parametrize("text", ["don't forget to approve", "why not approve", "no problem approve"])
def test_phrases_that_only_look_negative_negate_nothing(text):
    assert "approve" not in negated(text)


def test_a_free_standing_dash_ends_a_clause_and_a_hyphen_does_not():
    assert len(tokenise("ten - no five").clauses) == 2
    assert len(tokenise("a warm-up round").clauses) == 1


@given(st.text(max_size=400))
def test_tokens_lie_in_the_text_in_order_and_clauses_cover_them(text):
    document = tokenise(text)
    assert len(document.tokens) == len(document.starts) == len(document.ends)
    after = 0
    for start, end in zip(document.starts, document.ends, strict=True):
        assert after <= start <= end <= len(text)
        after = start
    covered = [i for start, end in document.clauses for i in range(start, end)]
    assert covered == list(range(len(document.tokens)))
    assert all(0 <= i < len(document.tokens) for i in document.negated)
