"""A mistake is told in the product's own words: the field, what is wrong, what is allowed."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from growqr_rules.violations import nearest_first, violations


def _even(number: int) -> int:
    if number % 2:
        raise ValueError("must be even")
    return number


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int
    not_: str = Field(default="", alias="not")


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(default="ok", min_length=2)
    kind: Literal["first", "second"] = "first"
    parts: list[Part] = Field(default=[Part(size=1)], min_length=1)
    named: dict[str, Part] = {}
    either: str | list[Part] = ""
    sized: float = 1.0
    on: bool = False
    even: Annotated[int, AfterValidator(_even)] = 0


def told(data):
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(data)
    return [f"{found.key}: {found.sentence}" for found in violations(caught.value, Whole)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"name": 3}, "name: must be a text."),
        ({"name": "x"}, "name: must have at least 2 characters."),
        ({"kind": "secnd"}, "kind: is not allowed. Allowed: second, first."),
        ({"parts": 3}, "parts: must be a list."),
        ({"parts": []}, "parts: must have at least 1 item, not 0."),
        ({"parts": [4]}, "parts.0: must map keys to values."),
        ({"parts": [{}]}, "parts.0.size: is missing."),
        ({"parts": [{"size": "big"}]}, "parts.0.size: must be a whole number."),
        ({"parts": [{"size": 1, "nto": ""}]}, "parts.0.nto: is not a known key. Allowed: not, size."),
        ({"named": {"a": {"size": 1, "siez": 1}}}, "named.a.siez: is not a known key. Allowed: size, not."),
        ({"either": 3}, "either: must be a text or must be a list."),
        ({"sized": "x"}, "sized: must be a number."),
        ({"on": "maybe"}, "on: must be true or false."),
        ({"even": 3}, "even: must be even."),
        ({"[x]": 3}, "[x]: is not a known key. Allowed: name, kind, parts, named, either, sized, on, even."),
        ([], ": must map keys to values."),
    ],
)
def test_each_mistake_has_its_sentence(data, says):
    assert told(data) == [says]


def test_what_is_no_json_is_told_as_that():
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate_json("{")
    (found,) = violations(caught.value, Whole)
    assert found.message.startswith("is not valid JSON: ")


def test_of_many_mistakes_only_the_first_are_looked_at_where_that_is_asked_for():
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({f"k{i}": i for i in range(100)})
    assert [found.key for found in violations(caught.value, Whole, most=2)] == ["k0", "k1"]


def test_the_name_that_was_meant_stands_first_and_all_others_keep_their_order():
    assert nearest_first("prot", ["db", "host", "port"]) == ("port", "db", "host")
    assert nearest_first("zzz", ["db", "host", "port"]) == ("db", "host", "port")
