"""What changed from one revision of a report to another."""

from collections.abc import Callable

import msgspec

from rules.differences import Piece, differences
from rules.templates.reading import Line, Words, lines
from server.reports.reading import FileRow, RevisionRow


class AnswerChange(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that differs, in words; empty where there was or is none."""

    label: str
    before: str
    after: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """From the earlier to the later one. `titles` and `texts` are those of both; what differs in them is looked for
    only when it is asked. `location` is set when the place changed, with its name then and now."""

    titles: tuple[str, str]
    texts: tuple[str, str]
    location: tuple[str, str] | None
    answers: tuple[AnswerChange, ...]
    files_added: tuple[FileRow, ...]
    files_removed: tuple[FileRow, ...]

    @property
    def title(self) -> tuple[Piece, ...]:
        """The titles, word by word."""
        return differences(*self.titles)

    @property
    def text(self) -> tuple[Piece, ...]:
        """The texts, word by word."""
        return differences(*self.texts)

    @property
    def title_changed(self) -> bool:
        """Whether the titles differ."""
        return self.titles[0] != self.titles[1]

    @property
    def text_changed(self) -> bool:
        """Whether the texts differ."""
        return self.texts[0] != self.texts[1]

    @property
    def nothing(self) -> bool:
        """Whether both say the same."""
        files = self.files_added or self.files_removed
        return not (self.title_changed or self.text_changed or self.location or self.answers or files)


def compare(earlier: RevisionRow, later: RevisionRow, place: Callable[[str], str | None] = str) -> Difference:
    """The differences, as far as anybody reads them; `place` names a location by its id."""
    before, after = ({one.media_id: one for one in row.files} for row in (earlier, later))
    places = earlier.location_name or "", later.location_name or ""
    return Difference(
        titles=(earlier.title, later.title),
        texts=(earlier.text, later.text),
        location=places if places[0] != places[1] else None,
        answers=_answers(_lines(earlier, place), _lines(later, place)),
        files_added=tuple(one for media_id, one in after.items() if media_id not in before),
        files_removed=tuple(one for media_id, one in before.items() if media_id not in after),
    )


def _lines(row: RevisionRow, place: Callable[[str], str | None]) -> dict[str, Line]:
    fields = row.template.fields if row.template is not None else ()
    return {line.path: line for line in lines(fields, row.answers, Words(location=lambda one: place(one) or one))}


def _answers(before: dict[str, Line], after: dict[str, Line]) -> tuple[AnswerChange, ...]:
    """Line by line in the order of the later one, then what only the earlier one asked."""
    changes = []
    for path in dict.fromkeys((*after, *before)):
        old, new = before.get(path), after.get(path)
        texts = old.text if old is not None else "", new.text if new is not None else ""
        if texts[0] != texts[1]:
            label = new.label if new is not None else old.label if old is not None else path
            changes.append(AnswerChange(label=label or path, before=texts[0], after=texts[1]))
    return tuple(changes)
