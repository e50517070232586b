"""Stage 4: entities, concepts and cues on the (mended) words."""

from __future__ import annotations

from collections.abc import Mapping

from growqr_router.entities import Extractor
from growqr_router.entities.words import Sequences
from growqr_router.lexicon import Hit, Lexicon, phrase_keys
from growqr_router.reading import Reading
from growqr_router.tokenise import Tokeniser
from growqr_rules import Concept, Pack

_CUE = "cue:"
_HIDDEN = "job_description"
"""The words of this slot are kept away from the router: a job ad's verbs ask for nothing."""
_LED = 2
"""Words that follow a lead-in at least: fewer may be an answer with it."""


class Find:
    """Fills in `words`, `stems`, `entities`, `hits` and `cues`."""

    name = "entities"

    def __init__(self, pack: Pack, extractor: Extractor, tokeniser: Tokeniser) -> None:
        self._extractor = extractor
        concepts = [(name, c.phrases, c.not_) for name, c in pack.concepts.items()]
        cues = [(_CUE + name, c.phrases, c.not_) for name, c in pack.cues.items()]
        self._cues = {_CUE + name: name for name in pack.cues}
        self._lexicon = Lexicon([*concepts, *cues], tokeniser)
        self._lead_ins = Sequences(tuple(phrase_keys(phrase, tokeniser)) for phrase in pack.manifest.lead_ins)

    def __call__(self, reading: Reading) -> None:
        """Read the document."""
        document = reading.document
        reading.entities = self._extractor.extract(document, reading.context)
        hidden = {i for e in reading.entities if e.slot == _HIDDEN for i in range(e.start, e.end)}
        words = [i for i in document.words if i not in hidden] if hidden else list(document.words)
        stems = [document.stems[i] for i in words]
        found = self._lexicon.find(stems)
        start = self._led(tuple(stems), found)
        reading.words, reading.stems = words[start:], stems[start:]
        if start:
            found = [Hit(hit.start - start, hit.end - start, hit.concept) for hit in found if hit.start >= start]
        reading.hits = [hit for hit in found if hit.concept not in self._cues]
        if len(reading.hits) < len(found):
            reading.cues = tuple(sorted({self._cues[hit.concept] for hit in found if hit.concept in self._cues}))

    def _led(self, stems: tuple[str, ...], found: list[Hit]) -> int:
        """Where a message begins behind its lead-ins: inside no phrase, and only where what follows says something."""
        last = max((hit.start for hit in found), default=0)
        start = end = 0
        while end < last and end + _LED < len(stems):
            before, end = end, self._lead_ins.end(stems, end)
            if end == before or end > last or end + _LED > len(stems):
                break
            if not any(hit.start < end < hit.end for hit in found):
                start = end
        return start


def kinds(concepts: Mapping[str, Concept]) -> dict[str, str]:
    """Concept id -> kind."""
    return {name: concept.kind for name, concept in concepts.items()}
