"""CSV: UTF-8 with its mark, so that Excel knows; lines and quotes as RFC 4180 has them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rules.spreadsheets import as_words
from server.exports.columns import Cell

_PIECE = 64 * 1024


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file in pieces of about 64 KiB."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    held.write("\ufeff")
    writer.writerow(_text(one) for one in headings)
    for row in rows:
        writer.writerow(_text(cell) for cell in row)
        if held.tell() >= _PIECE:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def _text(cell: Cell) -> str:
    """A cell as text. An apostrophe goes before what a spreadsheet would take for a formula: people's words are never
    to be reckoned with. Numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if not isinstance(cell, str):
        return str(cell)
    return as_words(cell)
