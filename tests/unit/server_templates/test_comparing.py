"""What changed is told in as few words as it can be."""

import msgspec

from protocol.templates import Field
from server.demo.checklists import PUMP_ROUND
from server.templates.comparing import changes
from server.templates.outline import appended, column, moved, removed, replaced


def told(fields: tuple[Field, ...], **more: str) -> list[tuple[str, str, tuple[str, ...]]]:
    after = msgspec.structs.replace(PUMP_ROUND, fields=fields, **more)
    return [(one.what, one.label, one.properties) for one in changes(PUMP_ROUND, after)]


def test_nothing_changed() -> None:
    assert told(PUMP_ROUND.fields) == []


def test_each_kind_of_change_is_told() -> None:
    fields = PUMP_ROUND.fields
    first = msgspec.structs.replace(fields[0], label="Wear gloves", required=True)
    assert told(replaced(fields, 0, first)) == [("changed", "Wear gloves", ("label", "required"))]
    assert told(removed(fields, 0)) == [("removed", fields[0].label, ())]
    assert told(appended(fields, Field(field="new", kind="check", label=""))) == [("added", "new", ())]
    assert told(fields, title="Round", description="") == [("title", "Round", ()), ("description", "", ())]


def test_only_what_was_moved_is_told_of_as_moved() -> None:
    fields, place = PUMP_ROUND.fields, len(column(PUMP_ROUND.fields)) - 1
    for _ in range(40):
        fields, place = moved(fields, place, down=False)
    assert told(fields) == [("moved", "Signature", ())]


def test_into_a_section_is_a_move() -> None:
    assert told(moved(PUMP_ROUND.fields, 0, down=True)[0]) == [("moved", PUMP_ROUND.fields[0].label, ())]


def test_a_first_version_is_all_new() -> None:
    found = changes(None, PUMP_ROUND)
    assert {one.what for one in found} == {"added"}
    assert len(found) == len(column(PUMP_ROUND.fields))
