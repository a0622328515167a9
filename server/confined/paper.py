"""The task `paper`: a document in, a PDF out. Runs in a confined process only, as people's words pass a shaper.

The input is a line of JSON (`document.Document`), then its JPEGs, one after the other. Fonts are those of the system
that have the letters: DejaVu Sans first, then what is there of Noto. A paragraph runs as its first letter does.
"""

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from PIL import Image

from server.confined.child import seal
from server.confined.document import Block, Document

_MARKS = frozenset("\n\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}\N{RIGHT-TO-LEFT MARK}")
"""What only directs the letters around it, and has no shape in any font."""
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts/Supplemental")
_REGULAR = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial Unicode.ttf")
_BOLD = {
    "DejaVuSans.ttf": "DejaVuSans-Bold.ttf",
    "NotoSans-Regular.ttf": "NotoSans-Bold.ttf",
    "LiberationSans-Regular.ttf": "LiberationSans-Bold.ttf",
}
_MOST_FALLBACKS = 8
_ALL_PAGES = "{nb}"
"""What fpdf2 puts the number of pages in the place of."""
_MARGIN, _GAP, _NAMES = 18.0, 6.0, 42.0  # millimetres
_INK, _SOFT, _LINE = (20, 25, 22), (85, 95, 90), (200, 205, 200)


def work(source: BinaryIO, target: BinaryIO) -> None:
    """Read all, then write all."""
    document = msgspec.json.decode(source.readline(), type=Document)
    pictures = [source.read(size) for size in document.sizes]
    paper = _Paper(document, pictures)
    _rehearse(document)
    seal()
    target.write(paper.printed())
    target.flush()


def _rehearse(document: Document) -> None:
    """Set and subset once what is ours to say, so that the libraries load all that they load only when it is used."""
    drawn = io.BytesIO()
    Image.new("RGB", (2, 2)).save(drawn, "JPEG")
    blocks = (
        Block(kind="fact", name="a", text="é"),
        Block(kind="pictures", pictures=(0,), captions=("a",)),
        Block(kind="heading", text="a"),
    )
    words = msgspec.structs.replace(document, above="a", title="a", blocks=blocks)
    _Paper(words, [drawn.getvalue()]).printed()


class _Paper(FPDF):
    """One document on A4."""

    def __init__(self, document: Document, pictures: list[bytes]) -> None:
        super().__init__(format="A4")
        self._document = document
        self._pictures = pictures
        self._family = "helvetica"
        self._missing = False
        self._letters = _letters(document)
        self.alias_nb_pages("")
        self.set_title(document.title)
        self.set_lang(document.language)
        self.set_creator("Miratag")
        self.set_margin(_MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=_MARGIN + 6)
        self._take_fonts()

    def printed(self) -> bytes:
        """The PDF."""
        self.add_page()
        self._paragraph(self._document.above, 9, colour=_SOFT)
        self._paragraph(self._document.title, 18, bold=True)
        self.ln(2)
        for block in self._document.blocks:
            self._set(block)
        if self._missing:
            self.ln(4)
            self._paragraph(self._document.no_letters, 9, colour=_SOFT)
        self.alias_nb_pages(_ALL_PAGES)
        return bytes(self.output())

    def footer(self) -> None:
        """The number of the page, which fpdf2 fills in at the end."""
        self.set_y(-_MARGIN)
        words = self._document.page.replace("{page}", str(self.page_no())).replace("{pages}", _ALL_PAGES)
        self.set_font(self._family, size=8)
        self.set_text_color(*_SOFT)
        meaning = self.str_alias_nb_pages
        self.alias_nb_pages(_ALL_PAGES)  # in no other words: people may write just these
        self.cell(w=self.epw, text=self._shown(words), align="L" if self._document.right_to_left else "R")
        self.alias_nb_pages(meaning)

    def _set(self, block: Block) -> None:
        if block.kind == "heading":
            self.ln(3)
            self._paragraph(block.text, 13, bold=True)
            self.ln(0.5)
        elif block.kind == "fact":
            self._fact(block)
        elif block.kind == "pictures":
            self._gallery(block)
        else:
            written = block.kind == "text"
            self._paragraph(block.text, 10.5 if written else 9, colour=_INK if written else _SOFT, own_side=written)

    def _paragraph(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: tuple[int, int, int] = _INK,
        x: float | None = None,
        width: float | None = None,
        own_side: bool = False,
    ) -> None:
        """Lines of text from here on, each in its own direction; with `own_side` each on the side where it begins, else
        on the document's."""
        self.set_font(self._family, style="B" if bold else "", size=size)
        self.set_text_color(*colour)
        for line in text.split("\n"):
            rightwards = self._document.right_to_left
            if own_side:
                rightwards = _runs_left(line, otherwise=rightwards)
            self.set_x(self.l_margin if x is None else x)
            self.multi_cell(
                w=self.epw if width is None else width,
                h=size * 0.5,
                text=self._shown(line) or " ",
                align="R" if rightwards else "L",
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
            )

    def _fact(self, block: Block) -> None:
        if self.will_page_break(12):
            self.add_page()
        mirrored = self._document.right_to_left
        beside = self.epw - _NAMES - _GAP
        top, page = self.get_y(), self.page_no()
        self._paragraph(block.name, 9, colour=_SOFT, x=self.l_margin + (beside + _GAP if mirrored else 0), width=_NAMES)
        named = self.get_y()
        self.set_y(top)
        self._paragraph(block.text, 10, x=self.l_margin + (0 if mirrored else _NAMES + _GAP), width=beside)
        if self.page_no() == page:
            self.set_y(max(named, self.get_y()))
        self.ln(1)

    def _gallery(self, block: Block) -> None:
        width = (self.epw - _GAP) / 2
        most = width * 1.25
        pairs = list(zip(block.pictures, block.captions, strict=True))
        for first in range(0, len(pairs), 2):
            row = pairs[first : first + 2]
            sizes = [_fitting(self._pictures[number], width, most) for number, _ in row]
            height = max(size[1] for size in sizes)
            if self.will_page_break(height + 10):
                self.add_page()
            top = self.get_y() + 2
            below = top
            for column, ((number, caption), (wide, high)) in enumerate(zip(row, sizes, strict=True)):
                side = 1 - column if self._document.right_to_left else column
                x = self.l_margin + side * (width + _GAP)
                self.image(io.BytesIO(self._pictures[number]), x=x, y=top, w=wide, h=high, alt_text=caption)
                self.set_y(top + height + 1)
                self._paragraph(caption, 8, colour=_SOFT, x=x, width=width)
                below = max(below, self.get_y())
            self.set_y(below)

    def _take_fonts(self) -> None:
        """Open what has the letters of this document, before nothing can be opened any more."""
        found = _fonts()
        regular = next((found[name] for name in _REGULAR if name in found), None)
        if regular is None:
            self._letters_shown = {letter for letter in self._letters if ord(letter) < 256}
            return
        self._family = "own"
        self.add_font("own", "", regular)
        self.add_font("own", "B", found.get(_BOLD.get(regular.name, ""), regular))
        self._letters_shown = self._letters & _has(regular)
        fallbacks: list[str] = []
        for name in sorted(name for name in found if name.startswith("NotoSans") and name.endswith("-Regular.ttf")):
            more = (self._letters - self._letters_shown) & _has(found[name])
            if more and len(fallbacks) < _MOST_FALLBACKS:
                family = name.partition("-")[0].lower()
                self.add_font(family, "", found[name])
                self.add_font(family, "B", found[name])
                fallbacks.append(family)
                self._letters_shown |= more
        self.set_fallback_fonts(fallbacks)
        self.set_text_shaping(use_shaping_engine=True)
        for family in ("own", *fallbacks):  # the shaper opens its fonts when they are first used
            for style in ("", "B"):
                self.set_font(family, style=style, size=10)
                self.get_string_width("a")

    def _shown(self, text: str) -> str:
        known = self._letters_shown | _MARKS
        shown = "".join(letter if letter in known else "\ufffd" for letter in text)
        if "\ufffd" in shown:
            self._missing = True
        return shown.replace("\ufffd", "?")


def _letters(document: Document) -> set[str]:
    words = [document.above, document.title, document.page, document.no_letters]
    for block in document.blocks:
        words += [block.text, block.name, *block.captions]
    return {letter for text in words for letter in text} | set("0123456789{nb}?… ")


def _fonts() -> dict[str, Path]:
    """The font files of the system by name."""
    return {path.name: path for path in _files()}


def _files() -> Iterator[Path]:
    for folder in _FOLDERS:
        if Path(folder).is_dir():
            yield from Path(folder).rglob("*.ttf")


def _has(font: Path) -> set[str]:
    """The letters a font can show."""
    with TTFont(font, lazy=True) as opened:
        return {chr(code) for code in opened.getBestCmap()}


def _runs_left(text: str, *, otherwise: bool) -> bool:
    """Whether the first letter with a direction is of a script that runs from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return otherwise


def _fitting(picture: bytes, width: float, height: float) -> tuple[float, float]:
    """The size of a picture within these bounds, in millimetres."""
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:
        scale = min(width / opened.width, height / opened.height)
        return opened.width * scale, opened.height * scale
