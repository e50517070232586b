"""Stage 6: whole messages that the pack spells out, with slots as placeholders; one hash lookup."""

from __future__ import annotations

from growqr_router.reading import Reading, Verdict
from growqr_router.tokenise import Tokeniser
from growqr_rules import Pack


class Template:
    """Settles a message whose words, slots replaced by `<slot>`, are a template."""

    name = "template"

    def __init__(self, pack: Pack, tokeniser: Tokeniser) -> None:
        self._classes: dict[tuple[str, ...], str] = {}
        for name in pack.classes:
            for template in pack.rules_of(name).templates:
                self._classes.setdefault(template_form(template, tokeniser), name)
        self._longest = max(map(len, self._classes), default=0)

    def __call__(self, reading: Reading) -> None:
        """Settle the reading on an exact match."""
        if reading.verdict or not reading.words:
            return
        if len(reading.words) - sum([e.end - e.start for e in reading.entities]) > self._longest:
            return  # more words outside of slots than any template has
        name = self._classes.get(tuple(placeholder_stems(reading)))
        if name is not None:
            reading.verdict = Verdict(name, "template", "exact_template")


def template_form(template: str, tokeniser: Tokeniser) -> tuple[str, ...]:
    """What a template's messages look like: stems, and `<slot>` for each slot."""
    form: list[str] = []
    for part in template.replace("<", " <").replace(">", "> ").split():
        if part.startswith("<") and part.endswith(">"):
            form.append(part)
        else:
            form.extend(token.stem for token in tokeniser.words(part))
    return tuple(form)


def placeholder_stems(reading: Reading) -> list[str]:
    """The stems of the message with each slot's words replaced by one `<slot>`."""
    slot_of = {i: e for e in reading.entities if e.origin == "stated" for i in range(e.start, e.end)}
    stems: list[str] = []
    for index, stem in zip(reading.words, reading.stems, strict=True):
        entity = slot_of.get(index)
        if entity is None:
            stems.append(stem)
        elif not stems or stems[-1] != f"<{entity.slot}>":
            stems.append(f"<{entity.slot}>")
    return stems
