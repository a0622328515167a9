"""A template that cannot be published says why, at the field it is at."""

import msgspec
import pytest

from protocol.templates import Choice, Condition, Field, Template
from rules.templates.checking import faults
from tests.unit.rules.templates.making import COLOURS, ROUND


def text(name: str = "x", **more: object) -> Field:
    return Field(field=name, kind="short_text", label="Name", **more)  # type: ignore[arg-type]


def with_fields(*fields: Field) -> Template:
    return Template(template_id="t", version=1, title="Round", fields=fields)


def test_a_good_one_has_no_faults() -> None:
    assert faults(ROUND) == []


@pytest.mark.parametrize(
    ("template", "field", "words"),
    [
        (with_fields(), "", "asks nothing"),
        (msgspec.structs.replace(with_fields(text()), title=" "), "", "no name"),
        (with_fields(text("Ä")), "Ä", "small letters"),
        (with_fields(text(), text()), "x", "Two fields"),
        (with_fields(text(), Field(field="y", kind="barcode", label="Code")), "y", "“barcode”"),
        (with_fields(msgspec.structs.replace(text(), label="")), "x", "no label"),
        (with_fields(text(least=5, most=2)), "x", "Exchange"),
        (with_fields(text(most=2.5)), "x", "whole numbers"),
        (with_fields(text(most=100_000)), "x", "over 500"),
        (with_fields(Field(field="x", kind="date", label="Day", most=3)), "x", "no smallest"),
        (with_fields(Field(field="x", kind="one_of", label="Lamp")), "x", "nothing to choose"),
        (
            with_fields(Field(field="x", kind="one_of", label="Lamp", choices=(Choice(value="a", label="A"),) * 2)),
            "x",
            "kept as the same",
        ),
        (with_fields(text(choices=COLOURS)), "x", "no choices"),
        (with_fields(text(fields=(text("y"),))), "x", "Only a section"),
        (with_fields(text(), Field(field="g", kind="group", label="Pump")), "g", "asks nothing"),
        (
            with_fields(
                Field(
                    field="g",
                    kind="group",
                    label="Pump",
                    fields=(text(), Field(field="h", kind="group", label="Inner", fields=(text("z"),))),
                )
            ),
            "h",
            "no sections or groups",
        ),
        (with_fields(text(shown_when=Condition(op="equal", field="later", value=1))), "x", "“later”"),
        (with_fields(text(shown_when=Condition(op="answered", field="x"))), "x", "“x”"),
        (with_fields(text(shown_when=Condition(op="sounds_like", field="x"))), "x", "“sounds_like”"),
        (with_fields(text(shown_when=Condition(op="all"))), "x", "empty"),
        (
            with_fields(
                Field(field="lamp", kind="one_of", label="Lamp", choices=COLOURS),
                text(shown_when=Condition(op="equal", field="lamp", value="pink")),
            ),
            "x",
            "names a choice",
        ),
        (
            with_fields(
                Field(field="lamp", kind="many_of", label="Lamp", choices=COLOURS),
                text(shown_when=Condition(op="equal", field="lamp", value="red")),
            ),
            "x",
            "includes",
        ),
        (
            with_fields(
                Field(field="g", kind="group", label="Pump", fields=(text("inside"),)),
                text(shown_when=Condition(op="answered", field="inside")),
            ),
            "x",
            "rows of a group",
        ),
        (
            with_fields(
                Field(field="seal", kind="check", label="Seal"),
                text(shown_when=Condition(op="equal", field="seal", value="bad")),
            ),
            "x",
            "cannot be its answer",
        ),
        (
            with_fields(
                Field(field="n", kind="integer", label="Number", most=3),
                text(shown_when=Condition(op="greater", field="n", value="3")),
            ),
            "x",
            "cannot be its answer",
        ),
        (msgspec.structs.replace(with_fields(text()), title="a\x00"), "", "cannot be shown"),
        (with_fields(text(hint="a\x1b[2J")), "x", "cannot be shown"),
        (with_fields(*(text(f"x{n}", hint="w" * 2000) for n in range(200))), "", "over 256 KiB"),
        (with_fields(*(text(f"x{n}") for n in range(10_000))), "", "10000 fields"),
        (with_fields(text(default=7)), "x", "default"),
        (with_fields(Field(field="x", kind="photo", label="Photo", default=["1"])), "x", "begins with nothing"),
    ],
)
def test_each_fault_is_named(template: Template, field: str, words: str) -> None:
    found = faults(template)
    assert any(one.field == field and words in one.sentence for one in found), found


def test_a_condition_may_look_into_a_section_and_at_the_rows_own_fields() -> None:
    section = Field(field="s", kind="section", label="First", fields=(text("inside"),))
    row = Field(
        field="g",
        kind="group",
        label="Pump",
        fields=(text("name"), text("more", shown_when=Condition(op="answered", field="name"))),
    )
    last = text("last", shown_when=Condition(op="all", of=(Condition(op="answered", field="inside"),)))
    assert faults(with_fields(section, row, last)) == []


def test_nesting_without_end_is_a_fault_and_no_crash() -> None:
    condition = Condition(op="answered", field="x")
    for _ in range(200):
        condition = Condition(op="not", of=(condition,))
    assert any("nested" in one.sentence for one in faults(with_fields(text(), text("y", shown_when=condition))))


def test_fields_in_fields_without_end_are_a_fault_and_no_crash() -> None:
    field = text()
    for index in range(5_000):
        field = Field(field=f"s{index}", kind="section", label="In", fields=(field,))
    [found] = faults(with_fields(field))
    assert "Only sections and repeating groups" in found.sentence


def test_a_comparison_within_and_beyond_the_bounds_of_its_field_is_fine() -> None:
    number = Field(field="n", kind="number", label="Number", least=0, most=3)
    beyond = text(shown_when=Condition(op="less", field="n", value=7.5))
    choice = Field(field="c", kind="check", label="Seal")
    of_choice = text("y", shown_when=Condition(op="equal", field="c", value="na"))
    assert faults(with_fields(number, beyond, choice, of_choice)) == []
