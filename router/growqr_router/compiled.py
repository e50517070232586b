"""A pack's fitted parts in the form in which the stages read them, kept from one process to the next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from growqr_router.calibration import Calibration
from growqr_router.familiarity import Familiarity
from growqr_router.learned import Learned
from growqr_router.names import CLOSE, OPEN, Names
from growqr_router.postings import Postings
from growqr_router.tables import Tables, is_paired
from growqr_router.tokenise import Tokeniser
from growqr_router.vocabulary import phrase_words
from growqr_rules import Pack
from growqr_rules.cache import cache_key, read_cached, write_cached

_READERS = ("spacy", "PyStemmer")
"""Distributions that say how text is read."""
_ALIGNED = 16
"""Bytes to a multiple of which each part of a file is padded."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What `Learned` comes to."""

    names: Names
    tables: Tables
    postings: Postings
    familiarity: Familiarity
    vocabulary: dict[str, int]
    """Folded word -> how often it stands in the examples and in the pack's phrases."""
    calibration: Calibration
    runs: Mapping[str, str] | None
    """How the pack's own words are tokenised, and spaCy's special cases; None: nothing is known of it."""

    @classmethod
    def of(cls, pack: Pack, learned: Learned, tokeniser: Tokeniser) -> Compiled:
        """Compile; `tokeniser` reads the pack's phrases."""
        examples = learned.neighbours.examples
        names = _names(learned)
        heard = ((pack.route_of(example.name), example.words) for example in examples)
        return cls(
            names,
            Tables.of(learned.weights, names),
            Postings.of(examples, pack.classes, names),
            Familiarity.of(heard, pack.class_routes, names),
            dict(phrase_words(pack, tokeniser) + learned.vocabulary),
            learned.calibration,
            None,
        )

    @classmethod
    def load(cls, pack: Pack) -> Compiled:
        """What the pack's folder holds, from the cache where the same files were compiled before.

        Raises:
            RulesError: a file does not fit the pack.
        """
        if pack.folder is None:
            return cls.of(pack, Learned.read(pack), Tokeniser())
        made_of = cache_key(Path(__file__).parent, pack.hash, *map(version, _READERS))
        name = f"compiled-{made_of}.bin"
        kept = read_cached(name)
        if kept is not None:
            return cls.from_bytes(kept)
        tokeniser = Tokeniser()
        made = cls.of(pack, Learned.read(pack), tokeniser)
        made = replace(made, runs=tokeniser.seen((*_texts(pack), *made.vocabulary)))
        write_cached(name, made.to_bytes())
        return made

    def to_bytes(self) -> bytes:
        """One JSON document and, behind it, the arrays as they lie in memory."""
        parts: dict[str, Any] = {"tables": self.tables, "postings": self.postings, "familiarity": self.familiarity}
        fields = {f"{part}.{f.name}": getattr(of, f.name) for part, of in parts.items() for f in dataclass_fields(of)}
        arrays: dict[str, NDArray[Any]] = {k: v for k, v in fields.items() if isinstance(v, np.ndarray)}
        arrays |= {"names": _packed(self.names.names), "keys": self.names.keys}
        told = {
            "plain": {name: value for name, value in fields.items() if name not in arrays},
            "vocabulary": self.vocabulary,
            "calibration": self.calibration.model_dump(),
            "runs": self.runs,
            "arrays": [(name, array.dtype.str, array.shape) for name, array in arrays.items()],
        }
        head = json.dumps(told).encode()
        pieces = [len(head).to_bytes(_ALIGNED, "big"), head, *(array.tobytes() for array in arrays.values())]
        return b"".join(piece + bytes(-len(piece) % _ALIGNED) for piece in pieces)

    @classmethod
    def from_bytes(cls, data: memoryview) -> Compiled:
        """The inverse of `to_bytes`; arrays are views of `data`."""
        end = _ALIGNED + int.from_bytes(data[:_ALIGNED], "big")
        told = json.loads(bytes(data[_ALIGNED:end]))
        fields: dict[str, Any] = told["plain"]
        for name, kind, shape in told["arrays"]:
            start = end + -end % _ALIGNED
            array = np.frombuffer(data, kind, int(np.prod(shape)), start).reshape(shape)
            fields[name], end = array, start + array.nbytes
        return cls(
            Names(_unpacked(fields.pop("names")), fields.pop("keys")),
            Tables(**_part(fields, "tables")),
            Postings(**_part(fields, "postings")),
            Familiarity(**_part(fields, "familiarity")),
            told["vocabulary"],
            Calibration.model_validate(told["calibration"]),
            told["runs"],
        )


def _names(learned: Learned) -> Names:
    """All that the fitted parts are about."""
    features = [(name, is_paired(kind, name)) for kind, table in learned.weights.tables.items() for name in table]
    rows = [(OPEN, *example.words, CLOSE) for example in learned.neighbours.examples]
    pairs = [(left, right) for name, paired in features if paired for left, right in [name.split(" ")]]
    return Names.of(
        [*(name for name, paired in features if name and not paired), *(word for words in rows for word in words)],
        [*pairs, *(pair for words in rows for pair in pairwise(words))],
    )


def _part(fields: Mapping[str, Any], part: str) -> dict[str, Any]:
    return {name.removeprefix(f"{part}."): value for name, value in fields.items() if name.startswith(f"{part}.")}


def _packed(words: Iterable[str]) -> NDArray[np.uint8]:
    """Words, none of which holds a line end, as one array: many times as quick to read as JSON."""
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def _unpacked(array: NDArray[np.uint8]) -> list[str]:
    text = array.tobytes().decode()
    return text.split("\n") if text else []


def _texts(pack: Pack) -> Iterator[str]:
    """Every text of a pack that says how people speak."""
    tables: tuple[Mapping[str, BaseModel], ...] = (pack.concepts, pack.cues, pack.routes, pack.intents)
    yield from _strings([model.model_dump() for table in tables for model in table.values()])
    yield from _strings(pack.entities.model_dump())


def _strings(data: Any) -> Iterator[str]:  # noqa: ANN401 - plain data of any shape
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        yield from _strings([*data, *data.values()])
    elif isinstance(data, Sequence):
        for item in data:
            yield from _strings(item)
