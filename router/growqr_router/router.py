"""The router: one message and its context in, one `Decision` out."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any

from growqr_router.asks import second_asks
from growqr_router.compiled import Compiled
from growqr_router.decision import Ask, Context, Decision, SlotSpan
from growqr_router.entities import Extractor
from growqr_router.features import Features
from growqr_router.learned import Learned
from growqr_router.reading import Reading, Stage
from growqr_router.slots import fill_slots
from growqr_router.stages import Decide, Evidence, Find, Nearest, Similarity, Spell, StateReply, Template
from growqr_router.stages.find import kinds
from growqr_router.tokenise import Tokeniser
from growqr_router.vocabulary import general_words, phrase_words
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
    """Routes messages by a pack. Pure and thread-safe; same input, same bytes.

    No I/O after construction, but that the first unusual word loads spaCy and the stemmer: see `warm`.
    """

    def __init__(self, pack: Pack, learned: Learned | None = None) -> None:
        """`learned` defaults to what the pack's own folder holds."""
        self.pack = pack
        self._classes = len(pack.classes)
        self._compiled_from = pack
        self._compiled = Compiled.of(pack, learned, Tokeniser()) if learned else Compiled.load(pack)
        self._tokeniser = Tokeniser(self._compiled.runs)
        self._general = frozenset(general_words(pack))
        self._extractor = self._extractor_of(pack)
        self._reading: tuple[Stage, ...] = (
            Spell(self._compiled.vocabulary, self._general),
            Find(pack, self._extractor, self._tokeniser),
            *_rule_stages(pack, self._tokeniser),
        )
        self._similarity = Similarity(
            self._compiled.tables, self._compiled.names, Features(self._compiled.names, kinds(pack.concepts))
        )
        nearest = Nearest(self._compiled.postings, self._compiled.familiarity)
        self._scoring: tuple[Stage, ...] = (self._similarity, nearest)
        self._decide = Decide(pack, self._compiled.calibration, self._similarity.terms)

    def revised(self, pack: Pack, phrases: Tokeniser | None = None) -> Router:
        """This router with changed rules: `pack` is a copy of its own pack that has the same classes.

        What the change leaves alone is shared, and nothing is fitted again. `phrases` reads the pack's phrases.
        """
        changed = copy(self)
        changed._revise(self.pack, pack, phrases or self._tokeniser)  # noqa: SLF001 - a router of our own
        return changed

    def _revise(self, before: Pack, pack: Pack, phrases: Tokeniser) -> None:
        """Make again what differs between the packs."""
        self.pack = pack
        spell, find, *rules = self._reading
        words = _words_of(pack) != _words_of(before)
        entities = pack.entities != before.entities
        if words:
            spell = self._spell(pack, phrases)
        if entities:
            self._extractor = self._extractor_of(pack)
        if words or entities:
            find = Find(pack, self._extractor, phrases)
        if (pack.routes, pack.intents) != (before.routes, before.intents):
            rules = list(_rule_stages(pack, phrases))
        self._reading = (spell, find, *rules)
        self._decide = Decide(pack, self._compiled.calibration, self._similarity.terms)

    def _spell(self, pack: Pack, phrases: Tokeniser) -> Spell:
        """For the words of `pack`'s phrases instead of those that were compiled."""
        heard = Counter(self._compiled.vocabulary) - phrase_words(self._compiled_from, phrases)
        return Spell(dict(heard + phrase_words(pack, phrases)), self._general)

    def _extractor_of(self, pack: Pack) -> Extractor:
        return Extractor(pack.entities, self._general, self._tokeniser, pack.manifest.spacy_model)

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

    def warm(self) -> Router:
        """Load what else the first unusual word would load: for a process that is to answer at once. Returns itself."""
        self._tokeniser.warm()
        return self

    def route(self, text: str, context: Context = _NO_CONTEXT) -> Decision:
        """Decide on one message.

        Raises:
            UnknownContextError: the context's state or role is not one of the pack's.
        """
        if len(text) > LONGEST_TEXT:
            return self._decide.guarded("too_long")
        reading = self.read(text, context)
        decision = self.decide(reading)
        main, fallback = Ask(decision.route, decision.intent), self.pack.manifest.fallback
        also = second_asks(reading, main, fallback, lambda part: self._decide.ask(self.read(part, context)))
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

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages but the last, in order."""
        return (*self._reading, *self._scoring)

    def read(self, text: str, context: Context = _NO_CONTEXT) -> Reading:
        """The reading after all stages but the last: for explanations."""
        return self.score(self.prepare(text, context))

    def prepare(self, text: str, context: Context = _NO_CONTEXT) -> Reading:
        """The reading after the stages that only the pack's rules shape."""
        reading = self.begin(text, context)
        for stage in self._reading:
            stage(reading)
        return reading

    def begin(self, text: str, context: Context = _NO_CONTEXT) -> Reading:
        """The reading before the first stage."""
        return Reading(self._known(context), self._tokeniser(text), [0] * self._classes)

    def score(self, reading: Reading) -> Reading:
        """Add what the fitted parts say to a prepared reading."""
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


def _words_of(pack: Pack) -> tuple[object, ...]:
    """What tells the words of a pack's rules."""
    return pack.concepts, pack.cues, pack.manifest.lead_ins


def _rule_stages(pack: Pack, phrases: Tokeniser) -> tuple[Stage, ...]:
    return StateReply(pack), Template(pack, phrases), Evidence(pack, phrases)


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
