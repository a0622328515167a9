"""The rows of a checklist's repeating groups, each group a table of its own beside that of the reports.

They are met while the reports are read, and written once those are through: meanwhile they lie in a temporary file.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO, Any

import msgspec

from server.exports.answers import AnswerCells, Group
from server.exports.columns import Cell
from server.exports.facts import ReportFacts

BEFORE = ("report", "title", "row")
"""The columns before those of the group: the report's id, which the table of the reports has too, its title, and the
number of the row."""


class GroupRows:
    """The groups of one checklist. Close it."""

    def __init__(self, answers: AnswerCells, groups: Iterable[Group]) -> None:
        self._answers = answers
        self._open = ExitStack()
        self._files: list[tuple[Group, IO[bytes]]] = []
        for group in groups:
            self._files.append((group, self._open.enter_context(tempfile.TemporaryFile())))  # noqa: SIM115 - closed by close

    @property
    def groups(self) -> list[Group]:
        """In the order of the checklist."""
        return [group for group, _ in self._files]

    def met(self, reports: Iterable[ReportFacts]) -> Iterator[ReportFacts]:
        """The reports as they come, with their rows kept."""
        for one in reports:
            for group, file in self._files:
                for number, *cells in self._answers.rows_of(one, group):
                    row = [one.instance_id, one.title, number, *cells]
                    file.write(msgspec.json.encode(row) + b"\n")
            yield one

    def rows(self, group: Group) -> Iterator[list[Cell]]:
        """The rows of one group, once all reports were met."""
        file = next(file for other, file in self._files if other is group)
        file.seek(0)
        decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(list[str | int | float | None])
        for line in file:
            yield decoder.decode(line)

    def close(self) -> None:
        """Remove the temporary files."""
        self._open.close()
