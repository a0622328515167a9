"""Fields are moved, copied and removed without one being lost or standing where it may not."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.templates import Choice, Condition, Field
from rules.templates.kinds import every
from server.demo.checklists import PUMP_ROUND
from server.templates.outline import (
    HOLDERS,
    Fields,
    Where,
    appended,
    choices_of,
    column,
    copied,
    inserted_after,
    may_hold,
    moved,
    new_id,
    put,
    removed,
    renamed,
    replaced,
)

FIELDS = PUMP_ROUND.fields
NEW = Field(field="new", kind="check", label="New")


def names(fields: Fields) -> list[str]:
    return [one.field for one in every(fields)]


def place_of(fields: Fields, name: str) -> int:
    return names(fields).index(name)


@given(steps=st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=40))
def test_moving_loses_nothing_and_keeps_every_rule(steps: list[tuple[int, bool]]) -> None:
    fields = FIELDS
    for place, down in steps:
        before = column(fields)[place].field
        fields, reached = moved(fields, place, down=down)
        placed = column(fields)
        assert placed[reached].field == before
        assert sorted(names(fields)) == sorted(names(FIELDS))
        assert all(one.within is None or may_hold(placed[one.within].field, one.field) for one in placed)


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(["before", "after", "inside"]), st.integers(0, 20)), max_size=40
    )
)
def test_putting_loses_nothing_keeps_every_rule_and_goes_where_it_says(
    steps: list[tuple[int, Where, int]],
) -> None:
    fields = FIELDS
    for place, where, other in steps:
        before = column(fields)
        moved_one, beside = before[place].field, before[other].field
        fields, reached = put(fields, place, where, other)
        placed = column(fields)
        assert placed[reached].field == moved_one
        assert sorted(names(fields)) == sorted(names(FIELDS))
        assert all(one.within is None or may_hold(placed[one.within].field, one.field) for one in placed)
        if names(fields) == [one.field.field for one in before]:
            continue
        there = next(one for one in placed if one.field.field == beside.field)
        siblings = [one for one in placed if one.within == placed[reached].within]
        at = [one.field.field for one in siblings].index(moved_one.field)
        if where == "inside":
            assert (placed[reached].within, siblings[-1].field) == (there.place, moved_one)
        else:
            assert siblings[at + 1 if where == "before" else at - 1].field.field == beside.field


@pytest.mark.parametrize("name", ["before", "lamp", "signed", "readings", "pumps", "number"])
def test_a_field_comes_everywhere_by_single_steps(name: str) -> None:
    fields, place = FIELDS, place_of(FIELDS, name)
    for _ in range(60):
        fields, place = moved(fields, place, down=False)
    assert place == 0
    for _ in range(60):
        fields, place = moved(fields, place, down=True)
    assert column(fields)[place].depth == 0
    assert fields[-1].field == name


def test_a_step_enters_a_section_and_leaves_it_again() -> None:
    fields, place = moved(FIELDS, place_of(FIELDS, "before"), down=True)
    assert fields[0].fields[0].field == "before"
    fields, place = moved(fields, place, down=False)
    assert fields == FIELDS
    assert place == 0


@given(place=st.integers(0, 20))
def test_adding_and_removing_are_opposites(place: int) -> None:
    assert removed(inserted_after(FIELDS, place, NEW), place_of(inserted_after(FIELDS, place, NEW), "new")) == FIELDS
    if column(FIELDS)[place].field.kind in HOLDERS:
        inside = appended(FIELDS, NEW, inside=place)
        assert column(inside)[place_of(inside, "new")].within == place
        assert removed(inside, place_of(inside, "new")) == FIELDS
    assert replaced(replaced(FIELDS, place, NEW), place, column(FIELDS)[place].field) == FIELDS
    assert removed(appended(FIELDS, NEW), len(names(FIELDS))) == FIELDS


@pytest.mark.parametrize("place", [-1, 21, 10**6])
def test_a_place_that_is_not_there_is_told(place: int) -> None:
    for change in (lambda: removed(FIELDS, place), lambda: moved(FIELDS, place, down=True)):
        with pytest.raises(IndexError):
            change()


def test_a_copy_has_ids_of_its_own() -> None:
    group = column(FIELDS)[place_of(FIELDS, "pumps")].field
    twice = inserted_after(FIELDS, place_of(FIELDS, "pumps"), copied(group, FIELDS))
    assert len(set(names(twice))) == len(names(twice)) == len(names(FIELDS)) + 4
    assert copied(group, FIELDS).fields[0].label == group.fields[0].label


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Seals tight?", "seals_tight"),
        ("Seal", "seal_2"),
        ("Größe", "groe"),
        ("مضخة", "field"),
        ("1st pump", "field_1st_pump"),
        ("", "field"),
        ("x" * 500, "x" * 40),
    ],
)
def test_an_id_is_made_of_the_label(label: str, found: str) -> None:
    assert new_id(label, FIELDS) == found


def test_conditions_follow_a_field_whose_id_changes() -> None:
    fields = renamed(FIELDS, "seal", "seal_state")
    photo = column(fields)[place_of(fields, "leak_photo")].field
    assert photo.shown_when == Condition(op="equal", field="seal_state", value="fail")
    assert renamed(fields, "seal_state", "seal") == FIELDS
    nested = Condition(op="all", of=(Condition(op="not", of=(Condition(op="answered", field="a"),)),))
    [field] = renamed((msgspec.structs.replace(NEW, shown_when=nested),), "a", "b")
    assert field.shown_when is not None
    assert field.shown_when.of[0].of[0].field == "b"


LAMP = (Choice(value="green", label="Green"), Choice(value="red", label="Red"))


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        ("Green\nRed", ["green", "red"]),
        ("Red\nGreen", ["red", "green"]),
        ("Green\n\n  Amber \nRed", ["green", "amber", "red"]),
        ("Grün\nRed", ["green", "red"]),
        ("Red", ["red"]),
        ("Green\nGreen", ["green", "green"]),  # twice the same is a fault for its author to see
        ("احمر", ["green"]),
        ("", []),
    ],
)
def test_choices_keep_their_values(lines: str, values: list[str]) -> None:
    assert [choice.value for choice in choices_of(lines, LAMP)] == values


@given(lines=st.text(), before=st.lists(st.text(min_size=1, max_size=5), max_size=4, unique=True))
def test_whatever_is_typed_makes_a_choice_of_each_line(lines: str, before: list[str]) -> None:
    known = tuple(Choice(value=f"v{index}", label=label) for index, label in enumerate(before))
    labels = [line.strip() for line in lines.splitlines() if line.strip()]
    made = choices_of(lines, known)
    assert [choice.label for choice in made] == labels
    if len(set(labels)) == len(labels):
        assert len({choice.value for choice in made}) == len(made)
