"""Stage `find`."""

import pytest


def test_concepts_are_found_in_any_inflection(read):
    assert [hit.concept for hit in read("renewing my novels").hits] == ["renew", "book"]


def test_a_longer_phrase_hides_the_concept_that_it_only_contains(read):
    assert "renew" not in [hit.concept for hit in read("renew my card").hits]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ok, cancel my draft", "cancel my draft"),
        ("Oh and also: so, who is next", "who is next"),
        ("ok yes", "okay yes"),
        ("ok xqzt vwkb", "okay xqzt vwkb"),
        ("ok and also ask me why", "and also ask me why"),
        ("hello", "hello"),
    ],
)
def test_what_only_opens_a_message_is_left_out_where_more_follows(default, text, words):
    reading = default.read(text)
    assert [reading.document.norms[i] for i in reading.words] == words.split()


def test_a_job_ads_words_ask_for_nothing(default):
    ad = "About the role: cancel subscriptions, approve refunds.\nRequirements:\n- 3 years in support\n- empathy\n"
    reading = default.read(f"mock interview for this\n\nCustomer Support Agent\n{ad}")
    assert [entity.slot for entity in reading.entities if entity.slot == "job_description"]
    assert "refund" not in reading.stems
