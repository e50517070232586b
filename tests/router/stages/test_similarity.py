"""Stage `similarity`."""

import numpy as np

from growqr_router import Context


def test_known_features_weigh_and_unknown_ones_do_not(pizzeria):
    known, unknown = pizzeria.read("pizza", Context()), pizzeria.read("qwzrt", Context())
    classes = pizzeria.pack.classes
    assert classes[int(np.argmax(known.weights.sum(axis=0)))] == "order"
    assert "w:pizza" in [f.key for f in known.features]
    assert "w:qwzrt" not in [f.key for f in unknown.features]


def test_every_feature_has_its_row_of_weights(pizzeria):
    reading = pizzeria.read("are you open for pizza on sunday", Context())
    assert len(reading.features) == len(reading.weights)


def test_a_pack_without_weights_is_not_troubled(read):
    assert read("renew my book").weights is None
