"""What a manager marked for correction, where the form asks it."""

import re
from collections.abc import Collection, Iterable, Mapping

import msgspec

from rules.review import TEXT_MARK, marked_media
from rules.templates.kinds import place
from server.reports.reading import ReportDetail
from server.web.marking import MarkView, mark_views
from server.web.words import Words

_ROW = re.compile(r"([a-z][a-z0-9_]*):([0-9]{1,3})")
_PLACE = re.compile(r"([^.\[\]]+)\[([0-9]{1,3})\]\.([^.\[\]]+)")


class MarkLine(msgspec.Struct, frozen=True, kw_only=True):
    """One mark above the form; `anchor` is the id of what it is about, empty when the form does not show that (any
    more), and then its words stand here."""

    place: str
    words: str
    anchor: str


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """The marks of the decision that returned the report: the words `at` each path as the form has it, all `lines`."""

    at: dict[str, str] = {}
    views: tuple[tuple[str, MarkView], ...] = ()

    def lines(self, shown: Collection[str], files: Mapping[str, object]) -> list[MarkLine]:
        """What stands above the form that shows the fields at these paths, and these files."""
        return [
            MarkLine(place=view.place, words=view.words, anchor=_anchor(path, shown, files))
            for path, view in self.views
        ]


def marked(words: Words, found: ReportDetail | None, removed: Iterable[str]) -> Marked:
    """The marks of a report that stands returned; `removed` are the rows (group:index) that the form lost, in order."""
    if found is None or found.summary.state != "returned" or not found.reviews:
        return Marked()
    review = found.reviews[0]
    rows = [match for one in removed if (match := _ROW.fullmatch(one))]
    paths = [_moved(mark.path, rows) for mark in review.marks]
    views = mark_views(words, found)[review.review_id]
    at = {path: mark.words for path, mark in zip(paths, review.marks, strict=True) if path}
    return Marked(at=at, views=tuple(zip(paths, views, strict=True)))


def _moved(path: str, removed: Iterable[re.Match[str]]) -> str:
    """Where the answer stands after rows before it went; empty when its own did."""
    matched = _PLACE.fullmatch(path)
    if matched is None:
        return path
    group, row, field = matched[1], int(matched[2]), matched[3]
    for one in removed:
        if one[1] == group and int(one[2]) == row:
            return ""
        row -= one[1] == group and int(one[2]) < row
    return place(group, row, field)


def _anchor(path: str, shown: Collection[str], files: Mapping[str, object]) -> str:
    if path == TEXT_MARK:
        return "written"
    media_id = marked_media(path)
    if media_id is not None:
        return f"f-{media_id}" if media_id in files else ""
    return f"a-{path}" if path in shown else ""
