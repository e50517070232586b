"""What the stages work on: one message on its way to a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from growqr_router.decision import Context
from growqr_router.document import Document
from growqr_router.entities import Entity
from growqr_router.lexicon import Hit

Scores = list[int]
"""One per class, in the order of the pack's classes; 1000 is about one margin of the fitted weights."""

OUT = -1_000_000
"""The score of a class that a veto rules out."""


Weighed = tuple[str, tuple[int, int] | None, int]
"""What a feature adds to one class: its key, its word range, the weight."""


class Term(NamedTuple):
    """One additive term of one class's score."""

    rule: str
    words: tuple[int, int] | None
    """The word range it comes from; None: the context."""
    column: int
    """The class, as its place in the pack's classes."""
    weight: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A class settled before the scores are compared."""

    winner: str
    stage: str
    reason: str


class Stated(NamedTuple):
    """A message's words as the fitted parts see them: numbers are one word, and so is each stated slot."""

    stems: Sequence[str]
    words: Sequence[int]
    """The number of each stem."""
    pairs: Sequence[int]
    """The numbers of the neighbours: the `i`-th of word `i` and the word before it, and one more."""
    last: int
    """Where the last sentence begins: the index of its first word."""
    opening: int
    """The number of the pair of an opening mark and that word."""
    length: int
    """The message's Euclidean length in thousandths."""


_NOTHING = Stated((), (), (), 0, 0, 0)


@dataclass(slots=True)
class Reading:
    """Everything known so far about one message."""

    context: Context
    document: Document
    scores: Scores
    words: list[int] = field(default_factory=list)
    """Indexes of the tokens that are words."""
    stems: list[str] = field(default_factory=list)
    """The stem of each word."""
    hits: list[Hit] = field(default_factory=list)
    """Concepts, on word ranges."""
    cues: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    terms: list[Term] = field(default_factory=list)
    """What rules and near examples add."""
    stated: Stated = _NOTHING
    familiar: tuple[float, ...] = ()
    """Per route, in the order of the pack's `class_routes`: how much of the message's words it knows, 0..1."""
    verdict: Verdict | None = None

    def add(self, term: Term) -> None:
        """Put a term on record and into the scores."""
        self.terms.append(term)
        self.scores[term.column] += term.weight

    def span(self, words: tuple[int, int] | None) -> tuple[int, int] | None:
        """The original character span of a word range."""
        if words is None or words[0] >= min(words[1], len(self.words)):
            return None
        first, last = self.words[words[0]], self.words[min(words[1], len(self.words)) - 1]
        return self.document.starts[first], self.document.ends[last]


class Stage(Protocol):
    """One step from message to decision; it changes the reading it is given and nothing else."""

    @property
    def name(self) -> str:
        """How explanations call it."""

    def __call__(self, reading: Reading) -> None:
        """Do the step."""


Stages = Sequence[Stage]
