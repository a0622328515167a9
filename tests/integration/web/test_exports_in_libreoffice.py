"""What LibreOffice, which nobody here wrote, reads in an exported workbook is what the CSV of the same reports says."""

import csv
import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from server.demo.checklists import PUMP_ROUND
from server.exports.text_table import _text
from tests.integration.web.conftest import Browser, House, send
from tests.integration.web.organization import Person
from tests.integration.web.test_answers import FILLED

Open = Callable[[Person | None], Browser]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("soffice") is None,
        reason="LibreOffice is not installed (apt-get install --no-install-recommends libreoffice-calc)",
    ),
]

# Comma, quote, UTF-8, from the first line, as shown, and each sheet as a file of its own.
_EACH_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
_SECONDS = 180
_HOSTILE = ("=1+1", "-2", "+3", "@SUM(A1)", '"quoted", and; parted', "two\nlines", "1e5", "007", "2026-11-25", "TRUE")
_AS_WRITTEN = "مضخة \N{PILE OF POO} é & <b> ]]> _x0041_"


def _read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _in_libreoffice(workbook: bytes, folder: Path) -> dict[str, list[list[str]]]:
    """The sheets by name."""
    (folder / "all.xlsx").write_bytes(workbook)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", _EACH_SHEET, "--outdir", str(folder / "out"), str(folder / "all.xlsx")]
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    made = {path.stem.removeprefix("all-"): _read(path.read_bytes()) for path in (folder / "out").iterdir()}
    assert made, done.stdout
    return made


def _same(theirs: Sequence[Sequence[str]], ours: Sequence[Sequence[str]]) -> None:
    assert theirs[0] == ours[0]
    assert len(theirs) == len(ours)
    for shown, written in zip(theirs[1:], ours[1:], strict=True):
        # A workbook needs no apostrophe before what would be a formula in a CSV.
        assert [_text(cell) for cell in shown] == written


def test_every_sheet_says_what_the_csv_says(house: House, open_browser: Open, tmp_path: Path) -> None:
    of = house.filled.checklist(PUMP_ROUND)
    for words in (*_HOSTILE, _AS_WRITTEN):
        pumps = [
            {"number": words[:20], "vibration": {"result": "pass"}, "temperature": 61.5},
            {"number": "P-102", "vibration": {"result": "fail", "note": words}},
        ]
        house.filled.report(house.ana, words, filled=(of, FILLED | {"pumps": pumps, "remarks": words, "hours": 2**40}))
    house.filled.report(house.ana, "No pump", filled=(of, {"lamp": "green"}))
    browser = open_browser(house.manager)

    def exported(kind: str, query: str = f"checklist={of.template_id}") -> bytes:
        return send(browser, "/reports/export", "/reports/export", query=query, kind=kind).content

    sheets = _in_libreoffice(exported("xlsx"), tmp_path)
    assert set(sheets) == {"Reports", "Pump"}
    reports = _read(exported("csv"))
    assert len(reports) == 1 + len(_HOSTILE) + 2
    _same(sheets["Reports"], reports)
    package = zipfile.ZipFile(io.BytesIO(exported("zip")))
    assert _read(package.read("Reports.csv")) == reports
    pumps_as_csv = _read(package.read("Pump.csv"))
    assert len(pumps_as_csv) == 1 + 2 * (len(_HOSTILE) + 1)
    _same(sheets["Pump"], pumps_as_csv)
    ids = {row[reports[0].index("Report id")] for row in reports[1:]}
    assert {row[0] for row in pumps_as_csv[1:]} < ids

    (tmp_path / "all").mkdir()
    of_all = _in_libreoffice(exported("xlsx", ""), tmp_path / "all")
    _same(of_all["Reports"] if "Reports" in of_all else next(iter(of_all.values())), _read(exported("csv", "")))
