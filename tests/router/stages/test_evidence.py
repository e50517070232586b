"""Stage `evidence`."""

from growqr_router.reading import OUT


def score(router, reading, name):
    return int(reading.scores[router.pack.classes.index(name)])


def test_concepts_that_stand_together_speak_once_for_their_class(router, read):
    reading = read("renew my book, renew my novel")
    assert [t.rule for t in reading.terms].count("loan.renew/renew-book") == 1
    assert score(router, reading, "loan.renew") >= 800


def test_a_rule_for_a_state_speaks_only_there(read):
    assert "loan.renew/renew-on-loan" in [t.rule for t in read("renew", "on_loan").terms]
    assert "loan.renew/renew-on-loan" not in [t.rule for t in read("renew", "none").terms]


def test_a_veto_rules_a_class_out_unless_what_it_spares_is_there(router, read):
    assert score(router, read("renew my library card", "on_loan"), "loan.renew") <= OUT // 2
    assert score(router, read("renew the book on my library card", "on_loan"), "loan.renew") > OUT // 2
