"""Stage `similarity`."""

from growqr_router import Context
from growqr_router.stages import Similarity


def similarity(router):
    return next(stage for stage in router._scoring if isinstance(stage, Similarity))


def terms(router, reading, name, most=1000):
    return similarity(router).terms(reading, router.pack.classes.index(name), most)


def scores(router, reading):
    """What the stage alone makes of a reading."""
    reading.scores = [0] * len(router.pack.classes)
    similarity(router)(reading)
    return dict(zip(router.pack.classes, reading.scores, strict=True))


def test_known_features_weigh_and_unknown_ones_do_not(pizzeria):
    known, unknown = pizzeria.read("pizza", Context()), pizzeria.read("qwzrt", Context())
    found = scores(pizzeria, known)
    assert max(found, key=found.__getitem__) == "order"
    assert "w:pizza" in [key for key, _, _ in terms(pizzeria, known, "order")[0]]
    assert "w:qwzrt" not in [key for key, _, _ in terms(pizzeria, unknown, "order")[0]]


def test_the_terms_add_up_to_the_score_of_each_class(pizzeria):
    """They are computed apart, one by one and all at once."""
    reading = pizzeria.read("are you open for pizza, pizza on sunday and pizza again? I am not sure", Context())
    for name, score in scores(pizzeria, reading).items():
        for most in (0, 3, 1000):
            heavy, rest = terms(pizzeria, reading, name, most)
            assert sum(weight for _, _, weight in heavy) + rest == score
            lightest = min(abs(weight) for key, _, weight in heavy if key != "bias") if most else None
            assert most != 1000 or rest == 0
            assert most != 3 or len([w for _, _, w in heavy if abs(w) > lightest]) <= 3


def test_a_pack_without_weights_is_not_troubled(read):
    reading = read("renew my book")
    assert sum(reading.scores) == sum(term.weight for term in reading.terms)
