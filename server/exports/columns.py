"""The facts of a report as the cells of a row, for CSV and XLSX alike; answers to checklists are in `answers`. The
writers know nothing of reports."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from rules.clock import parse_utc
from rules.zones import zone_of
from server.exports.facts import ReportFacts

Cell = str | int | float | datetime | None
"""A datetime without a zone is the hour on the wall at the place; every other time is text."""


class Column(msgspec.Struct, frozen=True):
    """One column: `name` is stable and English, `heading` what the reader sees, `width` in characters."""

    name: str
    width: int
    cell: Callable[[ReportFacts], Cell]


def standard_columns() -> tuple[Column, ...]:
    """What every report has."""
    return (
        Column("state", 10, lambda one: one.state),
        Column("received_local", 18, lambda one: _local(one, one.received)),
        Column("written_local", 18, lambda one: _local(one, one.written)),
        Column("zone", 16, lambda one: one.zone),
        Column("author", 20, lambda one: one.author),
        Column("location", 20, lambda one: one.location),
        Column("title", 40, lambda one: one.title),
        Column("text", 60, lambda one: one.text),
        Column("checklist", 20, lambda one: one.checklist.title if one.checklist else None),
        Column("files", 30, lambda one: "\n".join(file.name for file in one.files)),
        Column("files_missing", 8, lambda one: sum(not file.held for file in one.files)),
        Column("decision", 10, lambda one: one.decision.decision if one.decision else None),
        Column("decision_words", 40, lambda one: one.decision.words if one.decision else None),
        Column("decided_by", 20, lambda one: one.decision.by if one.decision else None),
        Column("decided_utc", 22, lambda one: one.decision.at if one.decision else None),
        Column("received_utc", 22, lambda one: one.received),
        Column("written_utc", 22, lambda one: one.written),
        Column("written_clock", 10, lambda one: one.written_grade),
        Column("versions", 8, lambda one: one.versions),
        Column("standing_versions", 8, lambda one: one.standing),
        Column("checklist_version", 8, lambda one: one.checklist.version if one.checklist else None),
        Column("report", 38, lambda one: one.instance_id),
        Column("version", 38, lambda one: one.revision_id),
        Column("receipt", 66, lambda one: one.receipt),
    )


def _local(one: ReportFacts, at: str) -> datetime:
    return parse_utc(at).astimezone(zone_of(one.zone, one.offset_minutes)).replace(tzinfo=None)
