"""CSV by Python's reader and XLSX by openpyxl: what went in comes out, and nothing is a formula."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.exports import workbook
from server.exports.columns import Cell
from server.exports.text_table import write_csv
from server.exports.workbook import Table, write_xlsx

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def as_csv(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    content = b"".join(write_csv(["One", "Two"], rows))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]


def as_workbook(rows: Sequence[Sequence[Cell]]) -> openpyxl.Workbook:
    content = b"".join(write_xlsx([Table("Reports", [("One", 10), ("Two", 20)], rows)], "Cut"))
    return openpyxl.load_workbook(io.BytesIO(content))


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5))
def test_csv_comes_back(rows: list[tuple[str, str]]) -> None:
    # Python's reader takes a NUL since 3.11, and nobody can send one.
    for found, put in zip(as_csv(rows), rows, strict=True):
        for text, words in zip(found, put, strict=True):
            assert text.replace("'", "") == words.replace("'", "")
            assert text == words or any(sign in words for sign in "=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_words_are_never_a_formula(words: str) -> None:
    assert as_csv([[words, "x"]])[0][0].startswith("'")
    cell = as_workbook([[words, "x"]]).active["A2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert openpyxl.utils.escape.unescape(cell.value) == words


@pytest.mark.parametrize("parting", [";", "\t", "\n", "\r\n"])
@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\uff1d1+1"])
def test_a_program_that_parts_cells_elsewhere_finds_no_formula_either(parting: str, words: str) -> None:
    """As Excel does where the comma is for decimals: the quotes then count for nothing."""
    text = as_csv([["x", f"a{parting}{words};b"]])[0][1]
    assert text == f"a{parting}'{words};b"


def test_a_list_of_a_text_stays_as_it_was_written() -> None:
    assert as_csv([["Done:\n- pump 1\n- pump 2\n--\nAna; see above - or below", ""]])[0][0].count("'") == 0


def test_numbers_and_times_stay_what_they_are() -> None:
    when = datetime(2026, 11, 25, 14, 2, 5)  # noqa: DTZ001 - the hour on the wall
    assert as_csv([[-5, when], [None, 2.5]]) == [["-5", "2026-11-25 14:02:05"], ["", "2.5"]]
    sheet = as_workbook([[-5, when], [None, 2.5]]).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [[-5, when], [None, 2.5]]


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5))
def test_a_workbook_comes_back(rows: list[tuple[str, str]]) -> None:
    sheet = as_workbook(rows).active

    def plain(text: object) -> str:
        """XML's line ends are one; openpyxl reads no text as nothing."""
        return str(text or "").replace("\r\n", "\n").replace("\r", "\n")

    found = [
        [plain(openpyxl.utils.escape.unescape(str(cell.value or ""))) for cell in row]
        for row in sheet.iter_rows(min_row=2)
    ]
    assert found == [[plain(one), plain(two)] for one, two in rows]


def test_headings_stay_in_sight_and_columns_are_wide_enough() -> None:
    sheet = as_workbook([["a", "b"]]).active
    assert [cell.value for cell in sheet[1]] == ["One", "Two"]
    assert sheet["A1"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width == 20


def test_no_rows_are_a_table_too() -> None:
    assert as_csv([]) == []
    assert as_workbook([]).active.max_row == 1


def test_a_full_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    found = as_workbook([[number, ""] for number in range(7)])
    assert found.sheetnames == ["Reports", "Reports 2", "Reports 3"]
    assert [[row[0].value for row in sheet.iter_rows(min_row=2)] for sheet in found] == [[0, 1, 2], [3, 4, 5], [6]]
    assert found["Reports 3"]["A1"].value == "One"


def test_a_text_too_long_for_a_cell_is_cut_and_said() -> None:
    found = as_workbook([["é" * 40_000, "x"], ["😀" * 20_000, "y"], ["é" * 32_767, "z"]])
    values = [row[0].value for row in found["Reports"].iter_rows(min_row=2)]
    assert [len(value.encode("utf-16-le")) // 2 for value in values] == [32_767, 32_767, 32_767]
    assert [value.endswith("…") for value in values] == [True, True, False]
    assert (found["!"]["A1"].value, found["!"]["A2"].value) == ("Cut", 2)


def test_tables_have_sheets_of_their_own_by_names_that_excel_takes() -> None:
    names = ["Pumps", "pumps", "a/b: [c]*?\\", "'", "", "x" * 40, "x" * 40, 'Say "hi" & <go>']
    tables = [Table(name, [("One", 10)], [[number]]) for number, name in enumerate(names)]
    found = openpyxl.load_workbook(io.BytesIO(b"".join(write_xlsx(tables, "Cut"))))
    assert found.sheetnames == ["Pumps", "pumps 2", "a b c", "-", "- 2", "x" * 31, "x" * 29 + " 2", 'Say "hi" & <go>']
    assert [sheet["A2"].value for sheet in found] == list(range(8))
