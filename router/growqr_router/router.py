"""The router: one message and its context in, one `Decision` out."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from growqr_router.asks import second_asks
from growqr_router.compiled import Compiled
from growqr_router.decision import Context, Decision, SlotSpan
from growqr_router.entities import Extractor
from growqr_router.features import feature_stems
from growqr_router.learned import Learned
from growqr_router.reading import Reading, Stage
from growqr_router.slots import fill_slots
from growqr_router.stages import Decide, Evidence, Find, Nearest, Similarity, Spell, StateReply, Template
from growqr_router.stages.find import kinds
from growqr_router.tokenise import Tokeniser
from growqr_router.vocabulary import general_words
from growqr_rules import Pack, load_pack

LONGEST_TEXT = 20_000
"""Characters; longer messages are not read (DESIGN: reason `too_long`)."""
_NO_CONTEXT = Context()


class UnknownContextError(ValueError):
    """A `Context` names a state or role that the pack does not have."""

    def __init__(self, field: str, value: str, allowed: Sequence[str]) -> None:
        super().__init__(f"context.{field} is {value!r}; this pack has: {', '.join(allowed)}")
        self.field = field
        self.value = value
        self.allowed = tuple(allowed)


class Router:
    """Routes messages by a pack. Pure and thread-safe: no I/O after construction; same input, same bytes."""

    def __init__(self, pack: Pack, learned: Learned | None = None) -> None:
        """`learned` defaults to what the pack's own folder holds."""
        self.pack = pack
        compiled = Compiled.of(pack, learned, Tokeniser()) if learned else Compiled.load(pack)
        self._tokeniser = Tokeniser(compiled.runs)
        general = frozenset(general_words(pack))
        self._reading: tuple[Stage, ...] = (
            Spell(compiled.vocabulary, general),
            Find(pack, Extractor(pack.entities, general, self._tokeniser, pack.manifest.spacy_model), self._tokeniser),
            StateReply(pack),
            Template(pack, self._tokeniser),
            Evidence(pack, self._tokeniser),
        )
        similarity = Similarity(compiled.weights, kinds(pack.concepts))
        self._scoring: tuple[Stage, ...] = (similarity, Nearest(compiled.postings, compiled.familiarity))
        self._decide = Decide(pack, compiled.calibration, similarity.terms)

    @classmethod
    def default(cls) -> Router:
        """The router of the pack that ships with this distribution; built once per process."""
        return _default()

    @classmethod
    def from_examples(cls, examples: Iterable[tuple[str, str]], *, fallback: str | None = None) -> Router:
        """A router for any domain from (text, label) pairs; each label is a route. Needs the extra `[build]`.

        Args:
            examples: at least two labels, several examples each; more are better.
            fallback: the label of text that is not read at all; default: the first in alphabetical order.

        Raises:
            ValueError: fewer than two labels, or `fallback` is none of them.
        """
        from growqr_router.fit import fit_router  # noqa: PLC0415 - scikit-learn, only needed to fit

        return fit_router(list(examples), fallback)

    def route(self, text: str, context: Context = _NO_CONTEXT) -> Decision:
        """Decide on one message.

        Raises:
            UnknownContextError: the context's state or role is not one of the pack's.
        """
        if len(text) > LONGEST_TEXT:
            return self._decide.guarded("too_long")
        reading = self.read(text, context)
        decision = self.decide(reading)
        fallback = self.pack.manifest.fallback
        also = second_asks(reading, decision, fallback, lambda part: self.decide(self.read(part, context)))
        return replace(decision, also=also) if also else decision

    def route_batch(self, messages: Iterable[str | tuple[str, Context]]) -> list[Decision]:
        """Decide on many messages, in order."""
        return [self.route(m) if isinstance(m, str) else self.route(*m) for m in messages]

    def slots(
        self, text: str, intent: str, context: Context = _NO_CONTEXT
    ) -> tuple[dict[str, Any], dict[str, tuple[SlotSpan, ...]]]:
        """The slots, and their spans, that a message would fill if it were for `intent`."""
        if len(text) > LONGEST_TEXT:
            return {}, {}
        reading = self.prepare(text, context)
        return fill_slots(self.pack.entities.slots, intent, reading.document, reading.entities)

    def read(self, text: str, context: Context = _NO_CONTEXT) -> Reading:
        """The reading after all stages but the last: for explanations."""
        return self.score(self.prepare(text, context))

    def prepare(self, text: str, context: Context = _NO_CONTEXT) -> Reading:
        """The reading after the stages that only the pack's rules shape."""
        scores = np.zeros(len(self.pack.classes), dtype=np.int64)
        reading = Reading(self._known(context), self._tokeniser(text), scores)
        for stage in self._reading:
            stage(reading)
        return reading

    def score(self, reading: Reading) -> Reading:
        """Add what the fitted parts say to a prepared reading."""
        reading.stated = feature_stems(reading)
        for stage in self._scoring:
            stage(reading)
        return reading

    def decide(self, reading: Reading) -> Decision:
        """The decision on a scored reading."""
        return self._decide(reading)

    def _known(self, context: Context) -> Context:
        manifest = self.pack.manifest
        if not (context.state and context.role):
            state, role = context.state or manifest.states[0], context.role or manifest.roles[0]
            context = replace(context, state=state, role=role)
        if context.state not in manifest.states:
            raise UnknownContextError("state", context.state, manifest.states)
        if context.role not in manifest.roles:
            raise UnknownContextError("role", context.role, manifest.roles)
        return context


@cache
def _default() -> Router:
    with _nothing_collected():
        return Router(load_pack())


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Hold the garbage collector back: what is loaded stays, and looking through it takes a sixth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
