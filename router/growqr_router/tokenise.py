"""Stage 2: text to tokens (blank spaCy English), clauses and bounded negation scopes; only this module knows spaCy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import Any, Protocol

from growqr_router.document import SMILEYS, Document, Token, says_something
from growqr_router.memo import Memo
from growqr_router.normalise import normalise

# Where a new clause may begin: sentence marks, line ends, and contrasting or sequencing conjunctions.
_HARD_MARKS = frozenset({".", "!", "?", ";", ":", "\n", "--", "...", "(", ")", "|"})
_CONJUNCTIONS = frozenset(
    {"but", "then", "instead", "though", "although", "however", "because", "since", "while", "so"}
)
_BREAKS = _HARD_MARKS | _CONJUNCTIONS | {"-", "and"}
"""What a clause may end or begin with."""
# fmt: off
_NEGATORS = frozenset({
    "not", "never", "no", "without", "nor", "neither",
    # Contractions in capitals: small ones are two tokens.
    "dont", "cant", "wont", "didnt", "aint", "isnt", "doesnt", "havent", "hasnt", "wasnt", "wouldnt", "couldnt",
    "shouldnt",
})
# fmt: on
INTERJECTIONS = frozenset({"nah", "naw", "nope"})
"""Ways to say "no" that only ever answer: "nah harder"."""
_SCOPE = 5
# A negator followed by one of these does not negate what comes after ("don't forget to", "not only", "no problem").
_AFFIRMED_AFTER = frozenset(
    {
        "forget",
        "only",
        "just",
        "sure",
        "problem",
        "worries",
        "matter",
        "doubt",
        "idea",
        "need",
        "longer",
        "mind",
        "hesitate",
    }
)
# ... nor one that follows one of these ("why not", "if not", "or not", "whether or not").
_AFFIRMED_BEFORE = frozenset({"why", "if", "or", "yes"})
_FOLDS = {
    "n't": "not",
    "nt": "not",
    "'m": "am",
    "'re": "are",
    "'ll": "will",
    "'ve": "have",
    "'d": "would",
    "'s": "s",
    "ca": "can",
    "wo": "will",
    "gon": "going",
    "wan": "want",
    "na": "to",
    "u": "you",
    "ur": "your",
    "r": "are",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "w": "with",
    "w/": "with",
    "bc": "because",
    "cos": "because",
    "coz": "because",
    "b4": "before",
    "2moro": "tomorrow",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "mins": "minutes",
    "min": "minutes",
    "cv": "resume",
    "resumes": "resume",
    "cvs": "resume",
    "résumé": "resume",
    "qs": "questions",
    "ques": "questions",
    "q's": "questions",
    "ok": "okay",
    "k": "okay",
    "kk": "okay",
    "yep": "yes",
    "yup": "yes",
    "yeah": "yes",
    "yea": "yes",
    "ya": "yes",
    "yh": "yes",
    "nope": "no",
    "nah": "no",
    "naw": "no",
    "im": "i am",
    "intvw": "interview",
    "iv": "interview",
}
_SMILE = "🙂"
_SUFFIXES = (("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ises", "izes"), ("ise", "ize"))
# fmt: off
_SUFFIX_EXCEPTIONS = frozenset({
    "exercise", "advise", "promise", "raise", "rise", "wise", "otherwise", "noise", "praise", "precise",
    "expertise", "supervise", "surprise", "premise", "likewise", "revise", "enterprise", "devise", "franchise",
    "merchandise", "comprise", "disguise", "cruise", "bruise", "televise", "improvise", "concise", "paradise",
    "demise", "arise",
})
# fmt: on
_OUR = {"colour": "color", "favour": "favor", "behaviour": "behavior", "labour": "labor", "honour": "honor"}
# spaCy takes affixes off one by one: a run as long as a message of nothing but quotes would take it half a minute.
_RUNS = re.compile(r"\S{1,200}")
_RUNS_AND_LINE_ENDS = re.compile(r"\S{1,200}|\s+")
_CLOSING = frozenset(",?!;:).")
"""Marks that spaCy always takes off the end of a plain word, a full stop where a small letter stands before it."""
_LINE_END = Token("\n", "\n", "\n", "\n", False)
_NOTHING = Document("", (), (), frozenset(), (), (), (), (), (), (), ())


def fold_word(word: str) -> str:
    """The folded form of one token as written: lower case, contractions, texting forms, British spellings, smileys."""
    if word in SMILEYS:
        return _SMILE
    low = word.lower()
    if low in _FOLDS:
        return _FOLDS[low]
    if low.startswith("practis"):
        return "practic" + low[7:]
    for british, american in _OUR.items():
        if low.startswith(british):
            return american + low[len(british) :]
    return _fold_suffix(low.replace("'", ""))


def _fold_suffix(low: str) -> str:
    for british, american in _SUFFIXES:
        if len(low) > len(british) + 2 and low.endswith(british):
            base = low[: -len(british)] + "ise"
            return low if base in _SUFFIX_EXCEPTIONS else low[: -len(british)] + american
    return low


def stem_word(norm: str) -> str:
    """The Porter2 stem of a folded word."""
    return _STEMS[norm]


def _stem(norm: str) -> str:
    from Stemmer import Stemmer  # noqa: PLC0415 - a word read before needs none

    return str(Stemmer("english", 0).stemWord(norm))  # one of its own, as it keeps the word that it is at


_STEMS = Memo(_stem)


def _english() -> Any:  # noqa: ANN401 - untyped
    from spacy.lang.en import English  # noqa: PLC0415 - see `Tokeniser`

    return English.Defaults


def _special_cases() -> dict[str, Any]:
    """spaCy's, but for letters that stand for words: "thank u." ends a sentence."""
    letters = {f"{word}." for word in _FOLDS if len(word) == 1}
    return {run: tokens for run, tokens in _english().tokenizer_exceptions.items() if run not in letters}


class Pipeline(Protocol):
    """A loaded spaCy pipeline, as far as it is used."""

    def __call__(self, text: str, /) -> Any:  # noqa: ANN401 - spaCy's Doc
        """Read a text."""


def load_pipeline(name: str) -> Pipeline:
    """The installed spaCy pipeline `name` (or the folder of one).

    Raises:
        OSError: there is no such pipeline.
    """
    import spacy  # noqa: PLC0415 - see `Tokeniser`

    return spacy.load(name)


class Tokeniser:
    """Turns text into a `Document`. Safe to share between threads after construction."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        """`known` holds runs of characters that were read before, and all of spaCy's special cases: see `seen`."""
        self._known = known
        self._tokens = Memo(self._read_token)
        self._runs = Memo(self._read_run)
        self._runs["\n"] = (_LINE_END,)

    @cached_property
    def _spacy(self) -> Any:  # noqa: ANN401 - spaCy's tokeniser
        """Blank English, and "=" inside words ("limit=8").

        spaCy loads an HTTP client and takes most of a second: only the first run that is neither known nor a plain
        word pays for it.
        """
        from spacy.tokenizer import Tokenizer  # noqa: PLC0415
        from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex  # noqa: PLC0415
        from spacy.vocab import create_vocab  # noqa: PLC0415

        english = _english()
        return Tokenizer(
            create_vocab("en", english),
            rules=_special_cases(),
            prefix_search=compile_prefix_regex(english.prefixes or ()).search,
            suffix_search=compile_suffix_regex(english.suffixes or ()).search,
            infix_finditer=compile_infix_regex([*(english.infixes or ()), "="]).finditer,
            token_match=english.token_match,
            url_match=english.url_match,
        )

    def warm(self) -> None:
        """Load spaCy and the stemmer now."""
        self._split("a")
        _stem("a")

    def organisations(self, document: Document, model: Pipeline) -> list[tuple[int, int]]:
        """The token ranges that a statistical pipeline takes for organisations."""
        found = [(e.start_char, e.end_char) for e in model(document.text).ents if e.label_ == "ORG"]
        ranges = (document.tokens_in(start, end) for start, end in found)
        return [(start, end) for start, end in ranges if start < end]

    def __call__(self, text: str) -> Document:
        """Tokenise `text`."""
        tokens, starts, ends = self._read(text)
        if not tokens:
            return _NOTHING._replace(text=text)
        texts, lows, norms, stems, are_words, _ = zip(*tokens, strict=True)
        clauses = _clauses(norms, starts, ends)
        words = tuple(compress(range(len(tokens)), are_words))
        negated = _negated(lows, norms, clauses)
        return Document(text, tuple(tokens), clauses, negated, texts, lows, norms, stems, starts, ends, words)

    def tokens(self, text: str) -> list[Token]:
        """The tokens alone."""
        return self._read(text)[0]

    def _read(self, text: str) -> tuple[list[Token], list[int], list[int]]:
        """The tokens, and where each starts and ends."""
        folded = normalise(text)
        tokens: list[Token] = []
        starts: list[int] = []
        ends: list[int] = []
        for run in (_RUNS_AND_LINE_ENDS if "\n" in folded.text else _RUNS).finditer(folded.text):
            characters = run[0]
            start, end = run.span()
            if characters.isspace():
                if "\n" not in characters:
                    continue
                start += start > 0 and characters[0] == " "  # a single space before it belongs to the word before
                characters = "\n"
            read = self._runs[characters]
            tokens += read
            starts.append(start)
            for token in read[:-1]:
                start += len(token.text)
                starts.append(start)
                ends.append(start)
            ends.append(end)
        if folded.text is text:
            return tokens, starts, ends
        spans = [folded.span(start, end) for start, end in zip(starts, ends, strict=True)]
        return tokens, [start for start, _ in spans], [end for _, end in spans]

    def words(self, phrase: str) -> list[Token]:
        """The words of a phrase, without their places in it."""
        return [token for run in normalise(phrase).text.split() for token in self._runs[run] if token.is_word]

    def seen(self, texts: Iterable[str]) -> dict[str, str]:
        """The runs of characters of `texts` and spaCy's special cases, each with its tokens, to start sooner with."""
        texts = (*texts, *_special_cases(), *_CLOSING)
        runs = {run for text in texts for run in normalise(text).text.split()}
        return {
            run: "\n".join(f"{token.text}\t{token.norm}\t{token.stem}" for token in self._runs[run])
            for run in sorted(runs)
        }

    def _read_run(self, run: str) -> tuple[Token, ...]:
        """The tokens of a run of characters without white space."""
        if self._known is None:
            return self._split(run)
        if run in self._known:
            return tuple([_token(*line.split("\t")) for line in self._known[run].split("\n")])
        if run.isascii() and run.isalpha():  # of letters spaCy splits special cases only, and those are known
            return (self._tokens[run],)
        word, mark = run[:-1], run[-1]
        if mark in _CLOSING and word.isascii() and word.isalpha() and (mark != "." or word[-1].islower()):
            read = self._runs[word]
            if len(read) == 1:
                return (*read, self._tokens[mark])
        return self._split(run)

    def _split(self, run: str) -> tuple[Token, ...]:
        return tuple([self._tokens[token.text] for token in self._spacy(run)])

    def _read_token(self, text: str) -> Token:
        known = self._known.get(text, "\n") if self._known is not None else "\n"
        if "\n" not in known:
            return _token(*known.split("\t"))
        norm = fold_word(text)
        return _token(text, norm, stem_word(norm))


def _token(text: str, norm: str, stem: str) -> Token:
    return Token(text, text.lower(), norm, stem, says_something(text))


def _clauses(norms: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> tuple[tuple[int, int], ...]:
    clauses: list[tuple[int, int]] = []
    start = 0
    for i in [] if _BREAKS.isdisjoint(norms) else [i for i, norm in enumerate(norms) if norm in _BREAKS]:
        norm = norms[i]
        if norm in _HARD_MARKS or (norm == "-" and _stands_alone(starts, ends, i)):
            clauses.append((start, i + 1))
            start = i + 1
        elif i > start and (norm in _CONJUNCTIONS or (norm == "and" and norms[i - 1] == ",")):
            clauses.append((start, i))
            start = i
    if start < len(norms):
        clauses.append((start, len(norms)))
    return tuple(clauses)


def _stands_alone(starts: Sequence[int], ends: Sequence[int], i: int) -> bool:
    """Whether token `i` has white space on both sides ("ten - no, five", but not "warm-up")."""
    before = i > 0 and ends[i - 1] < starts[i]
    return before and i + 1 < len(starts) and ends[i] < starts[i + 1]


def _negated(lows: Sequence[str], norms: Sequence[str], clauses: Sequence[tuple[int, int]]) -> frozenset[int]:
    if _NEGATORS.isdisjoint(norms):
        return frozenset()
    negated: set[int] = set()
    for start, end in clauses:
        for i in range(start, end):
            if norms[i] in _NEGATORS and not (_affirmed(norms, i, start, end) or _interjected(lows, norms, i, end)):
                reach = norms[i + 1 : min(i + 1 + _SCOPE, end)]
                negated.update(range(i + 1, i + 1 + (reach.index(",") if "," in reach else len(reach))))
    return frozenset(negated)


def _interjected(lows: Sequence[str], norms: Sequence[str], i: int, end: int) -> bool:
    """Whether a "no" is an answer or a correction, and negates nothing: "sorry no, the analyst one", "nah harder"."""
    return lows[i] in INTERJECTIONS or (norms[i] == "no" and i + 1 < end and norms[i + 1] == ",")


def _affirmed(norms: Sequence[str], i: int, start: int, end: int) -> bool:
    if i + 1 < end and norms[i + 1] in _AFFIRMED_AFTER:
        return True
    return i > start and norms[i - 1] in _AFFIRMED_BEFORE
