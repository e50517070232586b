"""Somebody who watches turns: for metrics and traces. Nothing depends on what they do."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from growqr_workflows.answer import Answer


class Span(Protocol):
    """A piece of work being timed."""

    def set_attribute(self, key: str, value: str | float) -> object:
        """Note a fact about it: never a person's words."""


class Observer(Protocol):
    """Is told of work as it begins and of turns as they end."""

    def span(self, name: str) -> AbstractContextManager[Span]:
        """Time a `turn`, a `route` or a `call`; spans inside one another belong together."""

    def finished(self, answer: Answer, seconds: float) -> None:
        """A turn is committed; `seconds` from its claim."""


class Unobserved:
    """Nobody watches."""

    def span(self, name: str) -> AbstractContextManager[Span]:  # noqa: ARG002 - the protocol's signature
        """See `Observer.span`."""
        return nullcontext(_NO_SPAN)

    def finished(self, answer: Answer, seconds: float) -> None:
        """See `Observer.finished`."""


class _NoSpan:
    def set_attribute(self, key: str, value: str | float) -> None:
        """Nobody reads it."""


_NO_SPAN = _NoSpan()
