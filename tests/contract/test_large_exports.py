"""150,000 reports through the whole server, which keeps its size."""

import csv
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
import psutil
import pytest

from server.accounts import groups, members
from server.accounts.members import NewMember
from server.founding import operator_of, organizations
from server.storage.database import Actor, Database
from tests.many_reports import fill

REPORTS = 150_000
MOST_GROWTH = 200 * 1024 * 1024
PASSWORD = "correct horse battery"
_PROGRAM = (sys.executable, "-m", "server.command_line")


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A server with all these reports, and its process."""
    data = tmp_path / "server"
    subprocess.run(
        [*_PROGRAM, "init", "--data", str(data), "--database", database_url, "--demo"], check=True, timeout=60
    )
    database = Database(database_url)
    organization_id = organizations(database)[0]
    with database.write(organization_id) as t:
        operator = operator_of(organization_id)
        new = NewMember(name="Big", email="big@example.invalid", role="admin", password=PASSWORD)
        admin = members.add(t, operator, new)
        groups.give(t, operator, admin)
    authors = [Actor(organization_id, admin, "admin")]
    fill(database, organization_id, authors, [None], REPORTS)
    database.close()
    server = subprocess.Popen(
        [*_PROGRAM, "serve", "--data", str(data), "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield (
            next(line.split()[-1] for line in server.stdout if line.startswith("listening")),
            psutil.Process(server.pid),
        )
    finally:
        server.terminate()
        server.wait(20)
        if server.stdout is not None:
            server.stdout.close()


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_very_large_export_keeps_its_size(address: tuple[str, psutil.Process], tmp_path: Path) -> None:
    url, process = address
    with httpx.Client(base_url=url, timeout=300, trust_env=False, follow_redirects=True) as browser:
        sign_in = browser.get("/sign-in").text
        fields = {"csrf": token_of(sign_in), "email": "big@example.invalid", "password": PASSWORD}
        assert browser.post("/sign-in", data=fields).status_code == 200
        token = token_of(browser.get("/reports/export").text)
        before = process.memory_info().rss
        for kind in ("csv", "xlsx"):
            taken, most = tmp_path / f"all.{kind}", 0
            data = {"csrf": token, "query": "", "kind": kind}
            with browser.stream("POST", "/reports/export", data=data) as answer, taken.open("wb") as file:
                assert answer.status_code == 200
                for piece in answer.iter_bytes(1024 * 1024):
                    file.write(piece)
                    most = max(most, process.memory_info().rss)
            assert most - before < MOST_GROWTH
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as text:
        assert sum(1 for _ in csv.reader(text)) == REPORTS + 1
    assert zipfile.ZipFile(tmp_path / "all.xlsx").testzip() is None
    book = openpyxl.load_workbook(tmp_path / "all.xlsx", read_only=True)
    assert sum(1 for _ in book["Reports"].iter_rows(values_only=True)) == REPORTS + 1
    book.close()


def token_of(page: str) -> str:
    """The token in a page's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]
