"""Edits of a question outline by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from growqr_workflows.service.models import OutlineItem, Question


class NeedTextError(Exception):
    """An operation needs the text of a question and there is none."""


class NoSuchQuestionError(Exception):
    """An operation names a question that the outline does not have."""


def edit(outline: Sequence[OutlineItem], ops: Sequence[dict[str, Any]], texts: Sequence[str]) -> list[Question]:
    """The whole new list. Kept questions keep their topic and framework; `texts` are the person's, in order.

    Numbers are those of `outline`, also after earlier operations of the same message; -1 is the last question.

    Raises:
        NeedTextError: a replacement or addition has no text.
        NoSuchQuestionError: a number is outside the outline.
    """
    if not ops:
        if not texts:
            raise NeedTextError
        return [Question(question=text) for text in texts]
    kept: list[tuple[int, Question]] = [
        (n, Question(question=o.question, topic=o.topic, expected_framework=o.expected_framework))
        for n, o in enumerate(outline, 1)
    ]
    words = list(texts)
    for op in ops:
        _apply(kept, op, words, len(outline))
    kept.extend((0, Question(question=text)) for text in words)
    return [question for _, question in kept]


def _apply(kept: list[tuple[int, Question]], op: dict[str, Any], words: list[str], size: int) -> None:
    if op["op"] == "add":
        question = (0, Question(question=_text(op, words)))
        kept.insert(len(kept) if "at" not in op or op["at"] == -1 else max(op["at"] - 1, 0), question)
        return
    at = _find(kept, op["at"], size)
    if op["op"] == "drop":
        del kept[at]
    elif op["op"] == "replace":
        kept[at] = (kept[at][0], Question(question=_text(op, words)))
    elif op["op"] == "swap":
        other = _find(kept, op["to"], size)
        kept[at], kept[other] = kept[other], kept[at]
    elif op["op"] == "move":
        item = kept.pop(at)
        kept.insert(len(kept) if op["to"] == -1 else max(op["to"] - 1, 0), item)


def _text(op: dict[str, Any], words: list[str]) -> str:
    if op.get("text"):
        return str(op["text"])
    if not words:
        raise NeedTextError
    return words.pop(0)


def _find(kept: list[tuple[int, Question]], number: int, size: int) -> int:
    wanted = size if number == -1 else number
    for index, (original, _) in enumerate(kept):
        if original == wanted:
            return index
    raise NoSuchQuestionError(number)
