"""Stage `similarity`."""

import numpy as np

from growqr_router import Context
from growqr_router.stages import Similarity


def keys(router, reading):
    similarity = next(stage for stage in router._scoring if isinstance(stage, Similarity))
    return [key for key, _, _ in similarity.terms(reading, reading.weighed[:, 0].tolist())]


def test_known_features_weigh_and_unknown_ones_do_not(pizzeria):
    known, unknown = pizzeria.read("pizza", Context()), pizzeria.read("qwzrt", Context())
    classes = pizzeria.pack.classes
    assert classes[int(np.argmax(known.weighed.sum(axis=0)))] == "order"
    assert "w:pizza" in keys(pizzeria, known)
    assert "w:qwzrt" not in keys(pizzeria, unknown)


def test_every_feature_has_its_row_of_weights(pizzeria):
    reading = pizzeria.read("are you open for pizza on sunday", Context())
    assert len(keys(pizzeria, reading)) == len(reading.weighed)


def test_a_pack_without_weights_is_not_troubled(read):
    assert read("renew my book").weighed is None
