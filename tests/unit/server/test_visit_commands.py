"""What the operator reads of the public pages."""

from datetime import date

from server.logs.visits import Counted
from server.visit_commands import table

DAY = date(2026, 11, 25)


def _viewed(page: str, times: int, *, scripts: bool = True) -> Counted:
    return Counted(day=DAY, name="page.viewed", fields={"page": page, "scripts": scripts}, times=times)


def _loaded(page: str, load_ms: int, times: int) -> Counted:
    return Counted(day=DAY, name="page.timing", fields={"page": page, "load_ms": load_ms}, times=times)


def test_pages_are_told_by_how_often_they_were_opened() -> None:
    found = [_viewed("contact", 2), _viewed("home", 5), _viewed("home", 4, scripts=False)]
    lines = [line.split() for line in table(found)[1:]]
    assert lines == [["home", "9", "4", "-"], ["contact", "2", "0", "-"]]


def test_half_of_the_pages_were_loaded_within_the_bucket_of_the_middle_one() -> None:
    found = [_viewed("home", 4), _loaded("home", 64, 2), _loaded("home", 512, 1), _loaded("home", 4096, 1)]
    assert table(found)[1].split()[-1] == "128"
    assert table([*found, _loaded("home", 512, 1)])[1].split()[-1] == "1024"


def test_with_nothing_counted_there_is_a_head_and_no_line() -> None:
    assert len(table([])) == 1
