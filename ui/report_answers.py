"""The answers of a report as lines to read."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent.api import MediaItem, ReportDetail
from protocol.templates import GROUP, SECTION
from rules.templates.kinds import FAIL, NOT_APPLICABLE, PASS, every
from rules.templates.reading import Line, lines
from ui import wording
from ui.card import Card
from ui.form.words import readable, reading_words
from ui.labels import Ink, TextLabel, readable_label
from ui.review_card import StateShape, mark_words, marks_of
from ui.theme.scale import XS, S, Type, spaced

_RESULTS: dict[str, tuple[str, Ink]] = {
    PASS: ("approved", "good"),
    FAIL: ("rejected", "bad"),
    NOT_APPLICABLE: ("not_applicable", "muted"),
}


class ReportAnswers(Card):
    """Not there for a report without a checklist. Files are named here and shown below, with the others."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None
        self._holder: QWidget | None = None
        self.hide()

    def show_report(self, detail: ReportDetail | None) -> None:
        """Another report, or (None) none."""
        marks = marks_of(detail)
        shown = (detail.template, detail.answers, detail.places, detail.media, marks) if detail is not None else None
        if shown == self._shown:
            return
        self._shown = shown
        if self._holder is not None:
            self.column.removeWidget(self._holder)
            self._holder.deleteLater()
            self._holder = None
        if detail is not None and detail.template is not None:
            self._holder = _built(answer_lines(detail), {one.media_id: one for one in detail.media}, marks)
            self.column.addWidget(self._holder)
        self.setVisible(self._holder is not None)


def _built(read: list[Line], media: dict[str, MediaItem], marks: dict[str, str]) -> QWidget:
    holder = QWidget()
    column = spaced(QVBoxLayout(holder), gap=S)
    for line in read:
        if line.kind in {SECTION, GROUP}:
            column.addWidget(TextLabel(heading(line), step=Type.TITLE if line.kind == SECTION else Type.STRONG))
            if line.path in marks:
                column.addWidget(_mark(marks[line.path]))
            continue
        words = marks.get(line.path)
        if words is None:
            column.addLayout(_answer(line, media))
        else:
            marked = MarkedAnswer(line.path)
            marked.column.addLayout(_answer(line, media))
            marked.column.addWidget(_mark(words))
            column.addWidget(marked)
    return holder


class MarkedAnswer(Card):
    """An answer that a manager wants corrected, tinted, with the words beneath it."""

    def __init__(self, path: str) -> None:
        super().__init__(notice=True)
        self.path = path


def _mark(words: str) -> TextLabel:
    return readable_label(mark_words(words), ink="warn")


def _answer(line: Line, media: dict[str, MediaItem]) -> QVBoxLayout:
    pair = spaced(QVBoxLayout(), gap=XS)
    pair.addWidget(TextLabel(line.label, step=Type.SMALL, ink="muted"))
    words = readable_label(line_words(line, media), ink="text" if line.text or line.media else "muted")
    words.setAccessibleDescription(line.label)
    row = spaced(QHBoxLayout(), gap=S)
    if line.result in _RESULTS:
        shape = StateShape()
        shape.show_shape(*_RESULTS[line.result])
        row.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(words, 1)
    pair.addLayout(row)
    return pair


def answer_lines(detail: ReportDetail) -> list[Line]:
    """The answers as they read here: dates, times and numbers as this place writes them."""
    template = detail.template
    if template is None:
        return []
    fields = {one.field: one for one in every(template.fields)}
    read = lines(template.fields, detail.answers, reading_words(detail.places))
    return [
        msgspec.structs.replace(line, text=readable(fields[_field_of(line.path)], line.text)) if line.text else line
        for line in read
    ]


def heading(line: Line) -> str:
    """Of a section, or of a row of a group: *Pump 2*."""
    if line.row is None:
        return line.label
    return wording.translate("Answers", "{label} {number}").format(
        label=line.label, number=wording.number(line.row + 1)
    )


def line_words(line: Line, media: dict[str, MediaItem]) -> str:
    """What was answered: the text, the names of files, or that there is no answer."""
    if line.media:
        return ", ".join(
            media[one].name if one in media else wording.translate("Answers", "a file") for one in line.media
        )
    return line.text or wording.translate("Answers", "No answer")


def _field_of(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0]
