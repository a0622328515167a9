"""XLSX (ECMA-376), written from its first byte to its last without going back.

Words stand in their cells as text, which no program takes for a formula. A sheet ends where Excel's does, and the rows
go on in the next one; a text longer than a cell of Excel's can hold is cut, and the last sheet says how many were.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import msgspec

from server.exports.columns import Cell
from server.exports.pieces import Pieces

MOST_ROWS = 1_000_000
"""Of one sheet; Excel's own bound is 1,048,576."""
MOST_BYTES = 1024**3
"""Of one sheet as XML: beyond 2 GiB the ZIP would need fields that old readers do not know."""
MOST_CHARACTERS = 32_767
"""Of one cell, as Excel counts: UTF-16 units."""
MOST_NAME = 31
"""Characters of a sheet's name."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_PIECE = 64 * 1024
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the hour on the wall has no zone
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# No XML has these; Excel writes them like this, and the escape itself too.
_CONTROLS = {code: f"_x{code:04X}_" for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
_CONTROLS |= {code: f"_x{code:04X}_" for code in range(0xD800, 0xE000)}
_CONTROLS[13] = "_x000D_"
_BOLD, _TIME, _WRAPPED = 1, 2, 3


class Table(msgspec.Struct, frozen=True):
    """What goes on a sheet (and on the next ones): its name, headings with their widths in characters, rows."""

    name: str
    headings: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


def write_xlsx(tables: Iterable[Table], cut_note: str) -> Iterator[bytes]:
    """The file in pieces of about 64 KiB, of one table or more: the rows of each are asked for after those of the one
    before. `cut_note` is said on a last sheet of its own when texts were cut."""
    pieces = Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as package:
        sheets = _Sheets(package)
        for table in tables:
            for _ in sheets.write(table):
                yield pieces.take()
        if sheets.cut:
            for _ in sheets.write(Table("!", [(cut_note, 100)], [[sheets.cut]])):
                yield pieces.take()
        for name, content in _parts(sheets.names):
            package.writestr(name, _HEAD + content)
    yield pieces.take()


class _Sheets:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self.names: list[str] = []
        self.cut = 0

    def write(self, table: Table) -> Iterator[None]:
        """Write the table's sheets; stops whenever some was written."""
        rows = iter(table.rows)
        row = next(rows, None)
        number = 0
        while row is not None or number == 0:
            number += 1
            self.names.append(self._free_name(table.name))
            with self._package.open(f"xl/worksheets/sheet{len(self.names)}.xml", "w") as sheet:
                held = _start(table.headings)
                at, written = 1, 0
                while row is not None and at < MOST_ROWS and written < MOST_BYTES:
                    at += 1
                    held += self._row(at, row)
                    row = next(rows, None)
                    if len(held) >= _PIECE:
                        written += sheet.write(held.encode())
                        held = ""
                        yield
                sheet.write(f"{held}</sheetData></worksheet>".encode())
            yield

    def _free_name(self, wanted: str) -> str:
        """The name that Excel takes, or with the first number that is free."""
        plain = " ".join(_NOT_IN_NAMES.sub(" ", wanted).split()).strip("' ") or "-"
        taken = {name.casefold() for name in self.names}
        number, free = 1, plain[:MOST_NAME].rstrip("' ")
        while free.casefold() in taken:
            number += 1
            free = f"{plain[: MOST_NAME - len(f' {number}')].rstrip()} {number}"
        return free

    def _row(self, at: int, row: Sequence[Cell]) -> str:
        return f'<row r="{at}">' + "".join(self._cell(cell) for cell in row) + "</row>"

    def _cell(self, cell: Cell) -> str:
        if cell is None or cell == "":
            return "<c/>"
        if isinstance(cell, datetime):
            return f'<c s="{_TIME}"><v>{(cell - _EPOCH).total_seconds() / 86400:.8f}</v></c>'
        if not isinstance(cell, str):
            return f"<c><v>{cell}</v></c>"
        text = cell
        if len(text) > MOST_CHARACTERS // 2 and len(text.encode("utf-16-le", "surrogatepass")) // 2 > MOST_CHARACTERS:
            self.cut += 1
            kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (MOST_CHARACTERS - 1)]
            text = kept.decode("utf-16-le", "ignore") + "…"
        return f'<c t="inlineStr" s="{_WRAPPED}"><is><t xml:space="preserve">{_xml(text)}</t></is></c>'


def _start(headings: Sequence[tuple[str, int]]) -> str:
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, (_, width) in enumerate(headings, 1)
    )
    cells = "".join(
        f'<c t="inlineStr" s="{_BOLD}"><is><t xml:space="preserve">{_xml(name)}</t></is></c>' for name, _ in headings
    )
    view = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{view}</sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{cells}</row>'
    )


def _xml(text: str) -> str:
    if "_x" in text:
        text = text.replace("_x", "_x005F_x")
    return escape(text.translate(_CONTROLS))


def _parts(sheets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What binds the sheets together; a reader finds it by the directory at the end."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbered = list(enumerate(sheets, 1))
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{kind}.worksheet+xml"/>' for at, _ in numbered
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{rels}"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{overrides}</Types>'
        ),
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>' for at, name in numbered)
    yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
    targets = [*(("worksheet", f"worksheets/sheet{at}.xml") for at, _ in numbered), ("styles", "styles.xml")]
    yield "xl/_rels/workbook.xml.rels", _relations(targets)
    yield "xl/styles.xml", _STYLES


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


_PLAIN = 'fontId="0" fillId="0" borderId="0"'
_TOP = 'applyAlignment="1"><alignment vertical="top"'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="1"><xf numFmtId="0" {_PLAIN}/></cellStyleXfs>'
    f'<cellXfs count="4"><xf numFmtId="0" {_PLAIN} xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    f'<xf numFmtId="164" {_PLAIN} xfId="0" applyNumberFormat="1" {_TOP}/></xf>'
    f'<xf numFmtId="49" {_PLAIN} xfId="0" applyNumberFormat="1" {_TOP} wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
