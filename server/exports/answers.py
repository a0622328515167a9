"""Answers to checklists as cells: a column for each field of one checklist, or one for all where there are several; and
the rows of its repeating groups, each group a table of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import msgspec

from protocol.templates import GROUP, SECTION, Field, Template
from rules.templates import reading
from rules.templates.kinds import MEDIA, NUMBERS, SILENT
from rules.templates.reading import Line
from server.exports.columns import Cell, Column
from server.exports.facts import ReportFacts
from server.storage.database import Transaction
from server.templates.reading import version_of

_KEPT_VERSIONS = 64
_LARGEST_EXACT = 2**53
"""A larger whole number is written as text: a spreadsheet would round it."""


class Group(msgspec.Struct, frozen=True):
    """A repeating group: its field id and label, and of each field in it the id and label."""

    field: str
    label: str
    columns: tuple[tuple[str, str], ...]


class AnswerCells:
    """Reads answers with the very version they were given to. `begin` opens a transaction: a version never changes, so
    each is read when it is first needed. `words` are in the reader's language."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Transaction]], words: reading.Words) -> None:
        self._begin = begin
        self._words = words
        self._version = lru_cache(maxsize=_KEPT_VERSIONS)(self._read_version)
        self._last: tuple[str, list[Line]] = ("", [])
        self._last_cells: tuple[str, dict[str, Cell]] = ("", {})

    def column_of_all(self) -> Column:
        """One column with a line for each answer."""
        return Column("answers", 60, lambda one: "\n".join(self._told(one)) or None)

    def columns_of(self, template_id: str) -> list[tuple[Column, str]]:
        """A column for each field of the checklist and its heading; of the newest version first, then what earlier ones
        asked besides."""
        found: dict[str, str] = {}
        for field in self._ever_asked(template_id):
            found.setdefault(field.field, field.label)
        return [(Column(f"answer:{name}", 24, self._cell_of(name)), label) for name, label in found.items()]

    def groups_of(self, template_id: str) -> list[Group]:
        """The repeating groups of the checklist, each with all that any version asked in it."""
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for field in self._ever_asked(template_id):
            if field.kind == GROUP:
                _, columns = found.setdefault(field.field, (field.label, {}))
                for inner in _asked(field.fields):
                    columns.setdefault(inner.field, inner.label)
        return [Group(name, label, tuple(columns.items())) for name, (label, columns) in found.items()]

    def rows_of(self, one: ReportFacts, group: Group) -> list[list[Cell]]:
        """The rows of a group in one report: the number of the row from 1, then a cell for each of its columns."""
        rows: dict[int, dict[str, Cell]] = {}
        for line in self._lines(one):
            if line.row is None or line.path.partition("[")[0] != group.field:
                continue
            cells = rows.setdefault(line.row, {})
            if line.kind != GROUP:
                name = line.path.rpartition(".")[2]
                cells[name] = _number(line, _row(one, line)) if line.kind in NUMBERS else _text(line, one)
        return [[row + 1, *(cells.get(name) for name, _ in group.columns)] for row, cells in rows.items()]

    def _ever_asked(self, template_id: str) -> Iterator[Field]:
        """The fields of the newest version, then those of the earlier ones."""
        newest = self._version(template_id, None)
        for number in range(newest.version if newest else 0, 0, -1):
            version = self._read_version(template_id, number)
            yield from _asked(version.fields if version else ())

    def _cell_of(self, name: str) -> Callable[[ReportFacts], Cell]:
        return lambda one: self._cells(one).get(name)

    def _cells(self, one: ReportFacts) -> dict[str, Cell]:
        if self._last_cells[0] != one.revision_id:
            self._last_cells = (one.revision_id, self._read(one))
        return self._last_cells[1]

    def _read(self, one: ReportFacts) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        rows: dict[str, dict[int, list[str]]] = {}
        for line in self._lines(one):
            text = _text(line, one)
            if line.row is None:
                cells[line.path] = _number(line, one.answers) if line.kind in NUMBERS else text
            elif line.kind != GROUP and text:
                group = line.path.partition("[")[0]
                rows.setdefault(group, {}).setdefault(line.row, []).append(f"{line.label}: {text}")
        for group, told in rows.items():
            cells[group] = "\n".join(f"{row + 1}. {'; '.join(parts)}" for row, parts in told.items())
        return cells

    def _told(self, one: ReportFacts) -> Iterator[str]:
        heading = ""
        for line in self._lines(one):
            if line.kind == GROUP:
                heading = "" if line.row is None else f"{line.label} {line.row + 1} · "
                continue
            text = _text(line, one)
            if text:
                yield f"{heading if line.row is not None else ''}{line.label}: {text}"

    def _lines(self, one: ReportFacts) -> list[Line]:
        if self._last[0] != one.revision_id:
            self._last = (one.revision_id, self._read_lines(one))
        return self._last[1]

    def _read_lines(self, one: ReportFacts) -> list[Line]:
        version = None if one.checklist is None else self._version(one.checklist.template_id, one.checklist.version)
        if version is None:
            return []
        return [line for line in reading.lines(version.fields, one.answers, self._words) if line.kind not in SILENT]

    def _read_version(self, template_id: str, version: int | None) -> Template | None:
        with self._begin() as t:
            return version_of(t, template_id, version)


def _asked(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The fields that have an answer, each group as a whole."""
    for field in fields:
        if field.kind == SECTION:
            yield from _asked(field.fields)
        elif field.kind not in SILENT:
            yield field


def _text(line: Line, one: ReportFacts) -> str | None:
    if line.kind in MEDIA:
        return "\n".join(file.name for file in one.files if file.media_id in line.media) or None
    return line.text or None


def _row(one: ReportFacts, line: Line) -> dict[str, Any]:
    """The answers of the row of a group that a line is in, as `rules.templates.reading` counts them."""
    told = one.answers.get(line.path.partition("[")[0])
    rows = [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []
    return rows[line.row] if line.row is not None and line.row < len(rows) else {}


def _number(line: Line, answers: dict[str, Any]) -> Cell:
    value = answers.get(line.path.rpartition(".")[2])
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > _LARGEST_EXACT:
        return line.text or None
    return value
