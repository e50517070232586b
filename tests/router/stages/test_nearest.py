"""Stage `nearest`."""

from growqr_router import Context


def near(router, text):
    reading = router.read(text, Context())
    names = router.pack.classes
    return {names[t.column]: t.weight for t in reading.terms if t.rule.startswith("near")}


def test_the_likest_examples_speak_for_their_classes(pizzeria):
    found = near(pizzeria, "are you open on monday")
    assert max(found, key=found.get) == "hours"


def test_the_likest_example_is_named_by_its_line(pizzeria):
    assert "near examples:11" in [t.rule for t in pizzeria.read("are you still open", Context()).terms]


def test_words_that_nobody_said_are_unfamiliar(pizzeria):
    known, unknown = (pizzeria.read(text, Context()).familiar for text in ("open on sunday", "quantum flux ledger"))
    assert max(known) > max(unknown)
