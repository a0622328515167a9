"""Answers are compared line by line, in words."""

from typing import Any

from protocol.templates import Field, Template
from server.reports.comparing import compare
from server.reports.reading import RevisionRow

FIELDS = (
    Field(field="seal", kind="check", label="Seal"),
    Field(field="where", kind="location", label="Where"),
    Field(field="pumps", kind="group", label="Pump", fields=(Field(field="bar", kind="number", label="Bar"),)),
)
TEMPLATE = Template(template_id="t", version=1, title="Round", fields=FIELDS)


def row(answers: dict[str, Any]) -> RevisionRow:
    return RevisionRow(
        revision_id="r",
        parents=(),
        title="T",
        text="",
        location_name=None,
        written_at="2026-03-01T08:00:00.000Z",
        zone="UTC",
        offset_minutes=0,
        grade="device",
        received="2026-03-01T08:00:00.000Z",
        head=True,
        late=False,
        template=TEMPLATE,
        answers=answers,
        files=(),
        receipt=None,
    )


def test_what_was_answered_otherwise_or_is_new_or_gone() -> None:
    before = row({"seal": {"result": "pass"}, "where": "gate", "pumps": [{"bar": 2}, {"bar": 3}]})
    after = row({"seal": {"result": "fail", "note": "worn"}, "where": "gate", "pumps": [{"bar": 4}]})
    changes = compare(before, after, {"gate": "Gate 2"}.__getitem__).answers
    assert [(one.label, one.before, one.after) for one in changes] == [
        ("Seal", "Pass", "Fail: worn"),
        ("Bar", "2", "4"),
        ("Bar", "3", ""),
    ]
    assert compare(before, before, str).nothing
    assert not compare(before, after, str).nothing
