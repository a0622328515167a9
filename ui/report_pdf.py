"""One report as a PDF: its answers, text, photos and receipt, on pages with numbers. Made on a thread of its own.

Everything in it is put in as plain text: what somebody wrote is never read as markup.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePath

import msgspec
from PySide6.QtCore import QMarginsF, QRectF, QSaveFile, QSize, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextOption,
)

from agent.api import ReportDetail
from protocol.statements import ReceiptPayload, SignedStatement
from protocol.templates import GROUP, SECTION
from rules.decoding import UNREADABLE
from rules.templates.kinds import FAIL
from rules.templates.reading import Line
from ui import wording
from ui.form.words import full_time
from ui.image_work import read_scaled
from ui.report_answers import answer_lines, heading, line_words

_DPI = 150
_SCALE = _DPI / 96
"""A document measures in pixels of a screen, and its pictures and margins grow with the paper's resolution."""
_PHOTO = QSize(1400, 1400)
_MARGIN_MM = 18
_FOOT = 40
_POINTS = 10.0
translate = wording.translate


@dataclass(frozen=True)
class Paper:
    """What stands on the pages, in the person's language. `photos` are (name, path) of pictures that are here."""

    title: str
    about: tuple[str, ...]
    lines: tuple[tuple[str, Line, str], ...] = ()
    """(how it is set: heading, row or answer; the line; its words)."""
    text: str = ""
    photos: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    receipt: tuple[str, ...] = ()
    mirrored: bool = False
    font: str = ""
    words: dict[str, str] = field(default_factory=dict)


def paper_of(detail: ReportDetail, *, person: str, organization: str, mirrored: bool, font: str) -> Paper:
    """On the main thread, where translations are: everything but the pictures themselves."""
    item = detail.item
    media = {one.media_id: one for one in detail.media}
    pictures = [one for one in detail.media if one.content_type.startswith("image/") and one.path is not None]
    others = [one for one in detail.media if one not in pictures]
    about = [
        " · ".join(part for part in (organization, person) if part),
        " · ".join(part for part in (item.checklist if item.checklist != item.title else "", item.location) if part),
        translate("Paper", "Written {time}").format(time=full_time(item.at)),
        wording.state(item),
    ]
    set_as = {SECTION: "heading", GROUP: "row"}
    return Paper(
        title=wording.title(item),
        about=tuple(line for line in about if line),
        lines=tuple(
            (
                set_as.get(line.kind, "answer"),
                line,
                heading(line) if line.kind in set_as else line_words(line, media),
            )
            for line in answer_lines(detail)
        ),
        text=detail.text,
        photos=tuple((one.name, one.path) for one in pictures if one.path is not None),
        files=tuple(f"{one.name} · {wording.size(one.size)}" for one in others),
        receipt=_receipt_lines(detail.receipt),
        mirrored=mirrored,
        font=font,
        words={
            "text": translate("Paper", "Text"),
            "photos": translate("Paper", "Photos"),
            "files": translate("Paper", "Other files"),
            "receipt": translate("Paper", "Receipt"),
            "unreadable": translate("Paper", "This picture could not be read here."),
            "page": translate("Paper", "Page {number} of {count}"),
            "made": translate("Paper", "Saved {time}").format(
                time=full_time(datetime.now(UTC).isoformat(timespec="seconds"))
            ),
        },
    )


def _receipt_lines(receipt: str | None) -> tuple[str, ...]:
    """Which version the server holds since when, and the key that signed it; without one, that there is none yet."""
    if receipt is None:
        return (translate("Paper", "The server has not signed a receipt for this report yet."),)
    try:
        statement = msgspec.json.decode(receipt, type=SignedStatement)
        payload = msgspec.json.decode(base64.b64decode(statement.payload), type=ReceiptPayload)
        when = full_time(payload.received)
    except UNREADABLE:
        return (translate("Paper", "The receipt is kept with the report and could not be read for this page."),)
    return (
        translate("Paper", "The server has signed that it holds this report since {time}.").format(time=when),
        translate("Paper", "Report {id}").format(id=payload.instance_id),
        translate("Paper", "Version {id}").format(id=payload.revision_id),
        translate("Paper", "Signed with key {id}").format(id=statement.kid),
    )


def writing(paper: Paper, path: str) -> Callable[[], str]:
    """A job for another thread: writes the file whole or not at all; its result says why not, or nothing."""

    def write() -> str:
        file = QSaveFile(path)
        if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
            return file.errorString()
        _Pages(paper).write(file)
        return "" if file.commit() else file.errorString()

    return write


class _Pages:
    """A document of plain text and pictures, painted page by page so that each gets its number."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._document = QTextDocument()
        self._document.setDocumentMargin(0)
        font = QFont(paper.font) if paper.font else QFont()
        font.setPointSizeF(_POINTS)
        self._document.setDefaultFont(font)
        side = Qt.AlignmentFlag.AlignRight if paper.mirrored else Qt.AlignmentFlag.AlignLeft
        option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if paper.mirrored else Qt.LayoutDirection.LeftToRight)
        self._document.setDefaultTextOption(option)
        self._cursor = QTextCursor(self._document)
        self._blocks = 0

    def write(self, device: QSaveFile) -> None:
        writer = QPdfWriter(device)
        writer.setResolution(_DPI)
        writer.setTitle(self._paper.title)
        writer.setCreator("Miratag")
        margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        page = QPageSize(QPageSize.PageSizeId.A4)
        writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter))
        self._document.documentLayout().setPaintDevice(writer)
        wide, high = writer.width(), writer.height() - _FOOT
        self._document.setPageSize(QSizeF(wide, high))
        self._fill(wide, high)
        painter = QPainter(writer)
        try:
            count = self._document.pageCount()
            for number in range(count):
                if number:
                    writer.newPage()
                painter.save()
                painter.translate(0, -number * high)
                self._document.drawContents(painter, QRectF(0, number * high + 1, wide, high - 2))
                painter.restore()
                self._foot(painter, QRectF(0, high, wide, _FOOT), number + 1, count)
        finally:
            painter.end()

    def _foot(self, painter: QPainter, room: QRectF, number: int, count: int) -> None:
        font = QFont(self._document.defaultFont())
        font.setPointSizeF(_POINTS * 0.8)
        painter.setFont(font)
        painter.setPen(QColor("#555555"))
        begin, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if self._paper.mirrored:
            begin, end = end, begin
        words = self._paper.words
        painter.drawText(room, begin | Qt.AlignmentFlag.AlignBottom, words["made"])
        painter.drawText(room, end | Qt.AlignmentFlag.AlignBottom, words["page"].format(number=number, count=count))

    def _fill(self, wide: int, high: int) -> None:
        paper, words = self._paper, self._paper.words
        self._put(paper.title, size=1.8, bold=True)
        for line in paper.about:
            self._put(line, colour="#444444")
        for set_as, answered, said in paper.lines:
            if set_as != "answer":
                size = 1.3 if set_as == "heading" else 1.05
                self._put(said, size=size, bold=True, above=11)
            else:
                self._put(answered.label, size=0.85, colour="#555555", above=5)
                self._put(said, bold=answered.result == FAIL)
        if paper.text:
            self._put(words["text"], size=1.3, bold=True, above=11)
            self._put(paper.text)
        if paper.photos:
            self._put(words["photos"], size=1.3, bold=True, above=11)
        for name, path in paper.photos:
            self._photo(name, path, wide, high)
        if paper.files:
            self._put(words["files"], size=1.3, bold=True, above=11)
            self._put("\n".join(paper.files))
        self._put(words["receipt"], size=1.3, bold=True, above=11)
        self._put("\n".join(paper.receipt))

    def _put(
        self, text: str, *, size: float = 1.0, bold: bool = False, colour: str = "#111111", above: int = 0
    ) -> None:
        """A paragraph; `above` in pixels of a screen."""
        shape = QTextBlockFormat()
        shape.setTopMargin(above)
        look = QTextCharFormat()
        look.setFontPointSize(_POINTS * size)
        look.setFontWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        look.setForeground(QColor(colour))
        if self._blocks:
            self._cursor.insertBlock(shape, look)
        else:
            self._cursor.setBlockFormat(shape)
        self._blocks += 1
        # A line break within a paragraph, not a paragraph: their margins are not those of lines.
        self._cursor.insertText(text.replace("\r\n", "\n").replace("\n", "\u2028"), look)

    def _photo(self, name: str, path: str, wide: int, high: int) -> None:
        image: QImage = read_scaled(path, _PHOTO)
        if image.isNull():
            self._put(f"{name}: {self._paper.words['unreadable']}", colour="#555555")
            return
        room = QSize(int(wide / _SCALE), int(high * 0.45 / _SCALE))
        shown = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        url = QUrl(f"photo:{self._blocks}")
        self._document.addResource(QTextDocument.ResourceType.ImageResource.value, url, image)
        picture = QTextImageFormat()
        picture.setName(url.toString())
        picture.setWidth(min(shown.width(), image.width()))
        picture.setHeight(min(shown.height(), image.height()))
        self._put("", above=6)
        self._cursor.insertImage(picture)
        self._put(name, size=0.85, colour="#555555")


def file_name(title: str, at: str) -> str:
    """What the file is offered to be called."""
    plain = " ".join("".join(one if one.isalnum() or one in " -_," else " " for one in title).split())[:60]
    return str(PurePath(f"{wording.moment(at):%Y-%m-%d %H-%M} {plain}".strip() + ".pdf"))
