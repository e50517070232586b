"""What the entity extractors read: `entities/*.yaml` of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from growqr_rules.source import Problem, read_yaml, validate

_M = TypeVar("_M", bound=BaseModel)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Values(_Model):
    """`values.yaml`: slot -> value -> the phrases that map to it."""

    slots: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    not_: list[str] = Field(default_factory=list, alias="not")
    """Phrases that hold one of the above and mean something else."""
    negators: list[str] = Field(default_factory=list)
    """Phrases that negate what follows within three words: `anyone but`."""


class Roles(_Model):
    """`roles.yaml`: the grammar of job titles. All words lower case."""

    heads: list[str] = Field(default_factory=list)
    """Words that a title may end in: `engineer`, `nurse`."""
    endings: list[str] = Field(default_factory=list)
    """Endings of words that name an occupation: `ologist`, `keeper`."""
    seniority: list[str] = Field(default_factory=list)
    modifiers: list[str] = Field(default_factory=list)
    """Words that may stand before a head and belong to the title."""
    abbreviations: list[str] = Field(default_factory=list)
    """Whole titles in letters: `sde`, `rn`."""
    suffixes: list[str] = Field(default_factory=list)
    """What may follow a head: `ii`, `trainee`."""
    never: list[str] = Field(default_factory=list)
    """Words that look like a head and are none: `number`, `answer`."""
    weak: list[str] = Field(default_factory=list)
    """Heads that are common words too: only with a modifier, or where the words around name a role."""
    phrases: list[str] = Field(default_factory=list)
    """Whole titles whose last word is no head: `cabin crew`."""
    ranks: list[str] = Field(default_factory=list)
    """Words before a number that belongs to a title: `band` 6, `year` 4."""
    people: list[str] = Field(default_factory=list)
    """Heads that mostly name the people around a hiring: `recruiter`, `manager`."""
    before: list[str] = Field(default_factory=list)
    """Words after which a title begins: `as`, `for`."""
    after: list[str] = Field(default_factory=list)
    """Words that follow a title: `role`, `interview`."""
    called: list[str] = Field(default_factory=list)
    """Of `after`, the words that make a title of any words before them: `role`, `vacancy`."""
    asks: list[str] = Field(default_factory=list)
    """Words before `for a` ... that ask for practice or name an application: `mock`, `applying`."""
    others: list[str] = Field(default_factory=list)
    """Phrases that make the following title somebody else's: `chat with the`."""
    soft: list[str] = Field(default_factory=list)
    """Words that belong to a title only when a head follows at once or after one more word: `career` adviser."""
    session: list[str] = Field(default_factory=list)
    """Parts of hyphenated words that describe a session, not a title: `voice-only`, `warm-up`."""
    stop: list[str] = Field(default_factory=list)
    """Words that never belong to a title."""


class Companies(_Model):
    """`companies.yaml`."""

    known: list[str] = Field(default_factory=list)
    """Names that are companies wherever they stand."""
    common: list[str] = Field(default_factory=list)
    """Names that are common words: companies only in context."""
    strict: list[str] = Field(default_factory=list)
    """Names that are mostly tools or sites: companies only after `at` and the like."""
    after: list[str] = Field(default_factory=list)
    """Words after which a company may stand: `at`, `joining`."""
    kinds: list[str] = Field(default_factory=list)
    """Last words of names: `hospital`, `agency`."""
    prefixes: list[str] = Field(default_factory=list)
    """First words of names: `ministry`, `nhs`."""
    called: list[str] = Field(default_factory=list)
    """Words that announce a name: `company` is ..., `startup` called ..."""
    does: list[str] = Field(default_factory=list)
    """What companies do: `wants me`, `are hiring`."""
    before: list[str] = Field(default_factory=list)
    """What else follows a name: `interview`, `loop`."""
    sources: list[str] = Field(default_factory=list)
    """Who or what comes `from` a company that takes the person: `recruiters`, `invitation`."""
    left: list[str] = Field(default_factory=list)
    """What precedes a company that is not the target: `i work at`."""
    rejecting: list[str] = Field(default_factory=list)
    """What follows one that is not: `rejected`, `one i flunked`."""
    people: list[str] = Field(default_factory=list)
    """Whom a first name follows: my `mate` Chase."""
    never: list[str] = Field(default_factory=list)
    """Weekdays, skills and products that are no companies."""
    places: list[str] = Field(default_factory=list)


class Durations(_Model):
    """`durations.yaml`."""

    allowed: list[int] = Field(default_factory=list)
    """Minutes, rising; what is asked for becomes the nearest (of two, the longer)."""
    idioms: dict[str, float] = Field(default_factory=dict)
    """Phrase -> minutes."""
    not_: list[str] = Field(default_factory=list, alias="not")
    """Phrases that hold an idiom and mean something else: `full time`."""
    units: dict[str, float] = Field(default_factory=dict)
    """Unit -> minutes."""
    between: list[str] = Field(default_factory=list)
    """What may stand between a number and its unit."""
    fillers: list[str] = Field(default_factory=list)
    """Beside nothing but these a number alone between marks means minutes: "just 10 please"."""
    asked_before: list[str] = Field(default_factory=list)
    """Before a plain allowed number that means minutes: `make it`."""
    asked_after: list[str] = Field(default_factory=list)
    """After one: `is too` long."""
    done_in: list[str] = Field(default_factory=list)
    """Before "in 6 minutes" that says how long, not when: `done` in 6 minutes."""
    delayed_before: list[str] = Field(default_factory=list)
    """Before a length of something else: `every` 10 minutes."""
    delayed_after: list[str] = Field(default_factory=list)
    """After one: 10 minutes `ago`."""
    limit_before: list[str] = Field(default_factory=list)
    """Before a count: `top` 10."""
    limit_after: list[str] = Field(default_factory=list)
    """After one: 10 `entries`."""
    shields: list[str] = Field(default_factory=list)
    """Words after a number that make it something else: `years`, `questions`."""


class Ids(_Model):
    """`ids.yaml`: what stands around e-mail addresses and codes. Phrases are compared folded ("don't" = "do not")."""

    own_before: list[str] = Field(default_factory=list)
    """Before an address of the writer's, or of somebody who is only told: `my email is`, `cc`."""
    own_after: list[str] = Field(default_factory=list)
    out_before: list[str] = Field(default_factory=list)
    """Before an address or id to which nothing is to happen: `except`, `do not assign`."""
    out_after: list[str] = Field(default_factory=list)
    wanted: list[str] = Field(default_factory=list)
    """Words near that overrule `out_before`: "do not *want* x on it" is about x."""
    skipped: list[str] = Field(default_factory=list)
    """Words and marks that may stand between such a phrase and the address."""
    assignment_prefixes: list[str] = Field(default_factory=list)
    session_prefixes: list[str] = Field(default_factory=list)
    assignment_words: list[str] = Field(default_factory=list)
    """Before a code that is an assignment's; anywhere, they make codes without a word of their own assignments'."""
    numbered: list[str] = Field(default_factory=list)
    """Before a plain number that is an assignment's: `assignments` 31, 32."""
    session_words: list[str] = Field(default_factory=list)
    session_hints: list[str] = Field(default_factory=list)
    """Before a number of four or more digits that is a session's."""
    separators: list[str] = Field(default_factory=list)
    """Between the codes of a list."""


class Ads(_Model):
    """`ads.yaml`: how to tell a pasted job ad from what is said to the agent. Phrases in any inflection."""

    signs: list[str] = Field(default_factory=list)
    """Typical of ads: `responsibilities`."""
    talk: list[str] = Field(default_factory=list)
    """Said to the agent, never in ads: `grill me`."""
    intro: list[str] = Field(default_factory=list)
    """Announces an ad: `job description`."""
    openings: list[str] = Field(default_factory=list)
    """Talk, but only where a line or sentence begins."""


class Edits(_Model):
    """`edits.yaml`: edits of a numbered list of questions."""

    verbs: dict[Literal["swap", "move", "drop", "replace", "add"], list[str]] = Field(default_factory=dict)
    openers: list[str] = Field(default_factory=list)
    """How a question begins: `what`, `tell`."""
    givers: list[str] = Field(default_factory=list)
    """Right before a question that is given: change 3 `to` ..."""
    removers: list[str] = Field(default_factory=list)
    """Near a quoted question that is to go: `drop`."""
    asides: list[str] = Field(default_factory=list)
    """Right after one that is only meant: "..." `sounds` odd."""


class SlotRules(_Model):
    """`slots.yaml`: which slots each intent carries, and which ask for the message itself."""

    intents: dict[str, list[str]] = Field(default_factory=dict)
    stand_ins: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    """intent -> slot -> kinds of entity that fill it where none of its own is found, the first that there is."""
    plainly: dict[str, dict[str, int]] = Field(default_factory=dict)
    """intent -> slot -> the least rank at which a mention counts (`growqr_router.entities.entity`)."""
    together: dict[str, str | None] = Field(default_factory=dict)
    """slot -> what two different values of it in one message come to; null: nothing."""
    corrections: list[str] = Field(default_factory=list)
    """Words between two values that make the second one stand: `sorry`, `actually`."""
    implied: dict[str, dict[str, dict[str, str]]] = Field(default_factory=dict)
    """slot -> value -> other slots that it implies when they are not stated (STAR -> behavioral)."""


class EntityRules(_Model):
    """All of a pack's entity data."""

    values: Values = Values()
    roles: Roles = Roles()
    companies: Companies = Companies()
    durations: Durations = Durations()
    ids: Ids = Ids()
    ads: Ads = Ads()
    edits: Edits = Edits()
    slots: SlotRules = SlotRules()


def load_entities(folder: Path, problems: list[Problem]) -> EntityRules:
    """Read the files that are there; what is wrong goes into `problems`."""
    return EntityRules(
        values=_read(folder / "values.yaml", Values, problems),
        roles=_read(folder / "roles.yaml", Roles, problems),
        companies=_read(folder / "companies.yaml", Companies, problems),
        durations=_read(folder / "durations.yaml", Durations, problems),
        ids=_read(folder / "ids.yaml", Ids, problems),
        ads=_read(folder / "ads.yaml", Ads, problems),
        edits=_read(folder / "edits.yaml", Edits, problems),
        slots=_read(folder / "slots.yaml", SlotRules, problems),
    )


def _read(path: Path, model: type[_M], problems: list[Problem]) -> _M:
    source = read_yaml(path, problems) if path.exists() else None
    made = validate(model, source, problems) if source and source.data is not None else None
    return made or model()
