"""growqr: the pack's hand-written rules, and its weights fitted again without what is held out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from growqr_router import Context, Router
from growqr_router.learned import Learned
from growqr_rules import load_pack


def fit(examples: list[dict[str, Any]]) -> Shipped | Refitted | Other:
    """The router that ships where all of the pack's examples are given; another domain gets a pack of its own."""
    own = list(load_pack().examples())
    wanted = {(example["source"], example["text"]) for example in examples}
    chosen = [(group, example) for group, example in own if (group, example.text) in wanted]
    if not chosen:
        return Other([(example["text"], example["label"]) for example in examples])
    if len(chosen) == len(own):
        return Shipped()
    from growqr_router.fit import fit_weights  # noqa: PLC0415 - scikit-learn; what only reads does without

    return Refitted(fit_weights(load_pack(), chosen))


def _context(message: dict[str, Any]) -> Context:
    return Context(state=message["state"], role=message["role"])


class Shipped:
    """As `Router.default()`."""

    @cached_property
    def router(self) -> Router:
        """Built on the first message."""
        return Router.default()

    def read(self, message: dict[str, Any]) -> str:
        """The whole decision with slots and evidence; its label."""
        decision = self.router.route(message["text"], _context(message))
        return decision.intent or decision.route

    def read_many(self, messages: list[dict[str, Any]]) -> None:
        """`route_batch`."""
        self.router.route_batch([(message["text"], _context(message)) for message in messages])


@dataclass
class Refitted(Shipped):
    """With other weights."""

    learned: Learned

    @cached_property
    def router(self) -> Router:
        """The pack's rules beside these weights."""
        return Router(load_pack(), self.learned)


@dataclass
class Other(Shipped):
    """`Router.from_examples`; fitted in the process that reads, since only accuracy is measured on other domains."""

    examples: list[tuple[str, str]]

    @cached_property
    def router(self) -> Router:
        """Fitted on the first message."""
        return Router.from_examples(self.examples)
