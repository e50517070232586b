"""Numbers for names and pairs."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from growqr_router.names import UNKNOWN, Names, NewNames

WORDS = st.lists(st.text("abcd<> é", min_size=1, max_size=3), max_size=12)


def test_what_is_not_known_has_no_number():
    names = Names.of(["mock"], [("a", "b")])
    assert names.ids(["mock", "mocks"]) == [names.ids(["mock"])[0], UNKNOWN]
    a, b = names.ids(["a", "b"])
    assert names.pairs([b, a, b, UNKNOWN]) == [UNKNOWN, 1, UNKNOWN]


def test_nothing_is_known_of_nothing():
    names = Names.of([], [])
    assert names.pairs([*names.ends, *names.ids(["x"])]) == [UNKNOWN, UNKNOWN]


@given(WORDS, WORDS)
def test_a_number_leads_back_to_its_name_and_pair(known, asked):
    pairs = list(pairwise(known))
    names = Names.of(known, pairs)
    ids = names.ids(asked)
    assert [names.name(number) for number in ids if number] == [word for word in asked if word in {*known, "<", ">"}]
    for (left, right), number in zip(pairwise(asked), names.pairs(ids), strict=False):
        assert bool(number) == ((left, right) in pairs)
        assert not number or names.pair(number) == f"{left} {right}"


@given(WORDS)
def test_new_names_know_all_they_are_asked_for(asked):
    names = NewNames()
    ids = names.ids(asked)
    assert [names.name(number) for number in ids] == asked
    assert [names.pair(number) for number in names.pairs(ids)] == [f"{left} {right}" for left, right in pairwise(asked)]
