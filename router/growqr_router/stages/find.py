"""Stage 4: entities, concepts and cues on the (mended) words."""

from __future__ import annotations

from collections.abc import Mapping

from growqr_router.entities import Extractor
from growqr_router.lexicon import Lexicon
from growqr_router.reading import Reading
from growqr_router.tokenise import Tokeniser
from growqr_rules import Concept, Pack

_CUE = "cue:"
_HIDDEN = "job_description"
"""The words of this slot are kept away from the router: a job ad's verbs ask for nothing."""


class Find:
    """Fills in `words`, `stems`, `entities`, `hits` and `cues`."""

    name = "entities"

    def __init__(self, pack: Pack, extractor: Extractor, tokeniser: Tokeniser) -> None:
        self._extractor = extractor
        concepts = [(name, c.phrases, c.not_) for name, c in pack.concepts.items()]
        cues = [(_CUE + name, c.phrases, c.not_) for name, c in pack.cues.items()]
        self._cues = {_CUE + name: name for name in pack.cues}
        self._lexicon = Lexicon([*concepts, *cues], tokeniser)

    def __call__(self, reading: Reading) -> None:
        """Read the document."""
        document = reading.document
        reading.entities = self._extractor.extract(document, reading.context)
        hidden = {i for e in reading.entities if e.slot == _HIDDEN for i in range(e.start, e.end)}
        reading.words = [i for i in document.words if i not in hidden] if hidden else list(document.words)
        reading.stems = [document.stems[i] for i in reading.words]
        found = self._lexicon.find(reading.stems)
        reading.hits = [hit for hit in found if hit.concept not in self._cues]
        if len(reading.hits) < len(found):
            reading.cues = tuple(sorted({self._cues[hit.concept] for hit in found if hit.concept in self._cues}))


def kinds(concepts: Mapping[str, Concept]) -> dict[str, str]:
    """Concept id -> kind."""
    return {name: concept.kind for name, concept in concepts.items()}
