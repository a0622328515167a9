"""Places of a report that a manager marks for correction, in the browser: from the form, and in words."""

from collections.abc import Iterable, Mapping

import msgspec

from protocol.changes import Mark
from rules.review import TEXT_MARK, marked_media, media_mark
from server.reports.reading import ReportDetail
from server.web.answers import place_names
from server.web.session import Form
from server.web.words import Words


class MarkView(msgspec.Struct, frozen=True, kw_only=True):
    """One mark for people: the place in words, and what is wrong with it."""

    place: str
    words: str


def posted_marks(form: Form) -> tuple[Mark, ...]:
    """What was ticked, each with the words typed beside it."""
    return tuple(Mark(path=path, words=form.one(f"mark:{path}")) for path in form.all("mark"))


def typed_marks(marks: Iterable[Mark]) -> dict[str, str]:
    """Words by path, as the page's controls and highlights want them."""
    return {mark.path: mark.words for mark in marks}


def mark_views(words: Words, report: ReportDetail) -> dict[str, tuple[MarkView, ...]]:
    """The marks of each decision (by its id), their places named for people."""
    names: dict[str, str] = {}
    for version in (
        *reversed(report.reviewed),
        *reversed(report.revisions),
    ):  # the newest last, whose labels then stand
        names |= {media_mark(one.media_id): one.name for one in version.files} | place_names(words, version)
    return {
        review.review_id: tuple(
            MarkView(place=_place(words, mark.path, names), words=mark.words) for mark in review.marks
        )
        for review in report.reviews
    }


def _place(words: Words, path: str, names: Mapping[str, str]) -> str:
    if path == TEXT_MARK:
        return words("Text")
    return names.get(path, path if marked_media(path) is None else words("A file"))
