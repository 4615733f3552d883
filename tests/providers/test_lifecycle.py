"""check and diff on a resource of every kind of field: pure, and right with unknowns anywhere."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from annotated_types import Interval

from providers.client import Client
from providers.declaration import REGISTRY, UNKNOWN, Values, has_unknown, tag
from providers.lifecycle import Collection, rule
from providers.resource import Field, ListField, MapField, Resource, optional, output, owner, required


class _Examples(Collection[Client]):
    @rule("low", "high")
    def _in_order(self, low: int, high: int | None) -> str | None:
        return "low: is above high -> exchange them" if high is not None and low > high else None


class Example(Resource, module="example"):
    """One of everything."""

    name: Field[str] = required("Plain.", tagged=" [{}]")
    place: Field[str] = required("Where it is.", replaces=True)
    low: Field[Annotated[int, Interval(ge=1, le=9)]] = optional("Bounded.", default=1)
    high: Field[Annotated[int, Interval(ge=1, le=9)] | None] = optional("Not managed unless given.", default=None)
    secret: Field[Annotated[str, Interval(ge="m")] | None] = optional("Hidden.", default=None, secret=True)
    born: Field[str | None] = optional("Used once.", default=None, write_once=True)
    text: Field[str | None] = optional("White space counts.", default=None, verbatim=True)
    labels: ListField[str] = optional("In any order.", default=None, unordered=True)
    maps: ListField[dict[str, str]] = optional("In any order.", default=None, unordered=True)
    order: ListField[str] = optional("In this order.", default=None)
    options: MapField[Any] = optional("Anything.", default=None)
    marker: Field[str] = owner()
    made: Field[str] = output("By the vendor.")
    status: Field[str] = output("Is it done?")

    lifecycle = _Examples("/examples")


class KeptExample(Resource, module="example", kept=True):
    """Costs money."""

    place: Field[str] = required("Where it is.", replaces=True)
    allow_replacement: Field[bool] = optional("Consent.", default=False, write_once=True, sent="never")

    lifecycle = Collection[Client]("/kept")


for _class in (Example, KeptExample):
    del REGISTRY[_class.declaration.token]  # no vendor has them

GIVEN: Values = {"name": "n", "place": "here", "marker": "p/s/n"}


def check(news: Values, olds: Values | None = None) -> tuple[Values, list[str]]:
    checked = Example.lifecycle.check(olds or {}, news)
    return checked.inputs, checked.failures


def checked(**news: Any) -> Values:
    inputs, failures = check({**GIVEN, **news})
    assert failures == []
    return inputs


def test_absent_fields_get_their_defaults() -> None:
    assert checked() == {
        **dict.fromkeys(("high", "secret", "born", "text", "labels", "maps", "order", "options")),
        **GIVEN,
        "low": 1,
    }


def test_a_known_field_is_coerced_whatever_the_others_are() -> None:
    inputs = checked(name=UNKNOWN, place=UNKNOWN, low=3.0)
    assert inputs["low"] == 3
    assert isinstance(inputs["low"], int)
    assert inputs["name"] is UNKNOWN


@pytest.mark.parametrize(
    "news",
    [
        {"labels": ["a", UNKNOWN]},
        {"options": {"deep": [{"er": UNKNOWN}]}},
        {"low": UNKNOWN, "high": 1},
    ],
    ids=["in a list", "deep in a map", "in a rule across fields"],
)
def test_unknown_values_pass_through_untouched(news: Values) -> None:
    inputs = checked(**news)
    for name, value in news.items():
        assert inputs[name] is value


@pytest.mark.parametrize(
    ("news", "failures"),
    [
        ({"name": None}, ["name: is required"]),
        ({"low": 0}, ["low: input should be greater than or equal to 1"]),
        ({"low": 2.5}, ["low: input should be a valid integer, got a number with a fractional part"]),
        ({"labels": ["a", 1]}, ["labels[1]: input should be a valid string"]),
        ({"name": "n "}, ["name: begins or ends with white space -> remove it"]),
        ({"order": ["\ta"]}, ["order: begins or ends with white space -> remove it"]),
        ({"low": 5, "high": 4}, ["low: is above high -> exchange them"]),
        ({"nmae": "n"}, ["nmae: Example has no such field"]),
        (
            {"place": None, "low": 10, "high": "x"},
            [
                "place: is required",
                "low: input should be less than or equal to 9",
                "high: input should be a valid integer, unable to parse string as an integer",
            ],
        ),
    ],
)
def test_every_problem_is_reported_with_its_field(news: Values, failures: list[str]) -> None:
    assert check({**GIVEN, **news})[1] == failures


def test_no_problem_repeats_a_value() -> None:
    _, failures = check({**GIVEN, "secret": "hunter2", "low": "hunter2", "options": "hunter2"})
    assert len(failures) == 3
    assert "hunter2" not in " ".join(failures)


def test_white_space_belongs_to_a_verbatim_text() -> None:
    assert checked(text="<p>\n")["text"] == "<p>\n"


@pytest.mark.parametrize(
    ("olds", "news", "changed", "replaces"),
    [
        ({}, {}, [], []),
        ({"name": "m"}, {}, ["name"], []),
        ({"place": "there"}, {}, ["place"], ["place"]),
        ({"born": "then"}, {"born": "now"}, [], []),
        ({"labels": ["b", "a"]}, {"labels": ["a", "b"]}, [], []),
        ({"maps": [{"b": "2", "a": "1"}, {"a": "2"}]}, {"maps": [{"a": "2"}, {"a": "1", "b": "2"}]}, [], []),
        ({"order": ["b", "a"]}, {"order": ["a", "b"]}, ["order"], []),
        ({"high": 3}, {}, ["high"], []),
        ({}, {"high": 3}, ["high"], []),
        ({"low": None}, {}, [], []),
        ({}, {"name": UNKNOWN}, ["name"], []),
        ({}, {"place": UNKNOWN}, ["place"], ["place"]),
        ({"options": {"a": [1]}}, {"options": {"a": [UNKNOWN]}}, ["options"], []),
        ({"made": "x"}, {}, [], []),
        ({"status": "pending"}, {}, ["status"], []),
        ({"status": "done"}, {}, [], []),
    ],
    ids=[
        "nothing",
        "a field updates",
        "a replacing field replaces",
        "a field used once is not compared",
        "the order of an unordered list is no change",
        "nor is the order of keys in the maps of one",
        "the order of an ordered list is",
        "leaving a field out is a change",
        "managing a field is a change",
        "a field that an older release did not have is its default",
        "an unknown is a change",
        "an unknown in a replacing field replaces, as its parent is replaced",
        "an unknown deep inside is a change",
        "an output is no change",
        "what is pending is tried again",
        "what is done is not",
    ],
)
def test_diff(olds: Values, news: Values, changed: list[str], replaces: list[str]) -> None:
    difference = Example.lifecycle.diff({**checked(), **olds}, {**checked(), **news})
    assert (difference.changed, difference.replaces) == (changed, replaces)


def test_what_costs_money_is_replaced_only_with_consent() -> None:
    lifecycle = KeptExample.lifecycle
    (failure,) = lifecycle.check({"place": "here", "allow_replacement": False}, {"place": "there"}).failures
    assert failure.startswith("place: cannot change on an existing KeptExample")
    assert "allow_replacement" in failure
    consent = {"place": "there", "allow_replacement": True}
    assert lifecycle.check({"place": "here", "allow_replacement": False}, consent).failures == []
    assert lifecycle.check({"place": "here"}, {"place": UNKNOWN}).failures == []


def test_the_tag_tells_owners_and_replacements_apart() -> None:
    tags = {tag("o/p/s/a"), tag("o/p/s/b"), tag("o/p/s/a", ["generation", 2]), tag("o/p/other/a")}
    assert len(tags) == 4


def test_tags_stand_in_names_at_the_vendors_and_never_change() -> None:
    assert tag("o/p/s/a") == "e7c406136dbc"
    assert tag("o/p/s/a", ["generation", 2]) == "8ca9ed20ad71"


@pytest.mark.parametrize(
    ("value", "found"),
    [(UNKNOWN, True), ([1, [UNKNOWN]], True), ({"a": {"b": UNKNOWN}}, True), ({"a": [1, None]}, False), ("", False)],
)
def test_unknowns_are_found_at_any_depth(value: Any, found: bool) -> None:
    assert has_unknown(value) is found
