"""What an export tells: all that the filter shows and the reader may see, once, as it was at one moment."""

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import openpyxl
import pytest

from server.accounts import groups
from server.exports import facts
from server.exports.archive import Inventory, write_zip
from server.exports.columns import standard_columns
from server.exports.facts import ReportFacts, each_report
from server.exports.object_list import write_json
from server.exports.text_table import write_csv
from server.exports.workbook import Table, write_xlsx
from server.founding import operator_of
from server.receipts.keys import SigningKeys
from server.reports.listing import ReportFilter
from server.reports.reviewing import Verdict, decide
from server.storage.database import Database
from server.storage.objects import Objects
from server.storage.tables import operation, receipt, report, revision
from server.sync.operations import keep
from tests.contract import operations as make
from tests.contract.conftest import Clock, House
from tests.many_reports import fill


@pytest.fixture(autouse=True)
def _care(database: Database, house: House) -> None:
    with database.write(house.organization_id) as t:
        groups.give(t, operator_of(house.organization_id), house.manager.member_id)


@pytest.fixture
def keys(tmp_path: Path) -> SigningKeys:
    """The server's own."""
    return SigningKeys.load_or_create(tmp_path / "keys.json")


def told(database: Database, house: House, wanted: ReportFilter = ReportFilter()) -> list[ReportFacts]:  # noqa: B008
    with database.read(house.organization_id) as t:
        return list(each_report(t, house.manager, wanted))


def test_a_report_is_told_in_full(database: Database, house: House, clock: Clock, keys: SigningKeys) -> None:
    first = make.revision(clock.now, "=Pump", location_id=house.gate)
    second = make.revision(clock.now, "Pump 3", instance_id=first.instance_id, parents=(first.revision_id,))
    with database.write(house.organization_id) as t:
        for body in (first, second):
            assert keep(t, keys, house.ana, make.revise(body)).outcome == "accepted"
        verdict = Verdict(
            instance_id=first.instance_id,
            revision_id=second.revision_id,
            seen="",
            decision="returned",
            words="Which valve?",
        )
        decide(t, house.manager, verdict)
    [one] = told(database, house)
    assert (one.title, one.state, one.versions, one.standing) == ("Pump 3", "returned", 2, 1)
    assert (one.author, one.revision_id) == ("Ana", second.revision_id)
    assert one.decision is not None
    assert (one.decision.words, one.decision.by) == ("Which valve?", "Manager")
    assert one.receipt is not None
    assert len(one.receipt) == 64


def test_every_report_once_page_after_page(database: Database, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "PAGE", 7)
    fill(database, house.organization_id, [house.ana, house.ben], [house.gate, None], 40)
    found = told(database, house)
    assert [one.title.split(":")[0] for one in found] == [f"Round {at}" for at in reversed(range(40))]
    assert {one.state for one in told(database, house, ReportFilter(state="returned"))} == {"returned"}
    assert len(told(database, house, ReportFilter(member_id=house.ana.member_id, text="LAMP 1"))) == 5


def test_an_export_is_of_one_moment(database: Database, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "PAGE", 5)
    fill(database, house.organization_id, [house.ana], [None], 12)
    with database.read(house.organization_id) as t:
        reading = each_report(t, house.manager, ReportFilter())
        titles = [next(reading).title]
        with database.write(house.organization_id) as other:
            other.execute(other.update(report).values(received="2019-01-01T00:00:00.000Z"))
            other.execute(other.update(revision).values(title="changed"))
        titles += [one.title for one in reading]
    assert len(titles) == 12
    assert "changed" not in titles


def test_nobody_takes_more_than_they_may_see(
    database: Database, house: House, build_house: Callable[[str], House]
) -> None:
    other = build_house("Other Works")
    fill(database, house.organization_id, [house.ana, house.ben], [None], 4)
    with database.read(house.organization_id) as t:
        assert {one.author for one in each_report(t, house.ana, ReportFilter())} == {"Ana"}
        assert list(each_report(t, other.manager, ReportFilter())) == []
    with database.read(other.organization_id) as t:
        assert list(each_report(t, house.manager, ReportFilter())) == []


def test_the_same_in_every_kind_of_file(database: Database, house: House, tmp_path: Path) -> None:
    fill(database, house.organization_id, [house.ana], [house.gate, None], 3)
    found = told(database, house)
    columns = standard_columns()
    names = [column.name for column in columns]
    rows = [[column.cell(one) for column in columns] for one in found]
    text = b"".join(write_csv(names, rows)).decode("utf-8-sig")
    as_csv = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["report"] for row in as_csv] == [one.instance_id for one in found]
    # Lisbon in winter is UTC; without a place the zone is the device's.
    assert [(row["received_local"], row["zone"]) for row in as_csv] == [
        ("2020-01-01 00:02:00", "Europe/Lisbon"),
        ("2020-01-01 01:01:00", "Europe/Vienna"),
        ("2020-01-01 00:00:00", "Europe/Lisbon"),
    ]
    table = Table("Reports", [(name, 10) for name in names], rows)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(write_xlsx([table], "")))).active
    assert [cell.value for cell in sheet["A"]] == ["state", *(one.state for one in found)]
    assert sheet["B2"].value == rows[0][1]
    assert json.loads(b"".join(write_json(found))) == json.loads(msgspec.json.encode(found))
    inventory = Inventory()
    with database.read(house.organization_id) as t:
        inventory.take(t, found)
    package = zipfile.ZipFile(io.BytesIO(b"".join(write_zip(inventory, Objects(str(tmp_path / "media")), "Missing:"))))
    inventory.close()
    assert package.testzip() is None
    assert len(package.namelist()) == 6
    assert json.loads(package.read(package.namelist()[0]))["instance_id"] == found[0].instance_id


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_memory_does_not_grow_with_the_number_of_reports(database: Database, house: House, kind: str) -> None:
    def peak() -> int:
        tracemalloc.reset_peak()
        with database.read(house.organization_id) as t:
            for _ in written(each_report(t, house.manager, ReportFilter()), kind):
                pass
        return tracemalloc.get_traced_memory()[1]

    fill(database, house.organization_id, [house.ana, house.ben], [house.gate, None], 1000)
    tracemalloc.start()
    try:
        peak()
        few = peak()
        with database.write(house.organization_id) as t:
            for table in (receipt, revision, report, operation):
                t.execute(t.delete(table))
        fill(database, house.organization_id, [house.ana, house.ben], [house.gate, None], 4000)
        many = peak()
    finally:
        tracemalloc.stop()
    # Held in memory, three thousand more of them would be ten million bytes.
    assert many < few + 2_000_000


def written(reports: Iterator[ReportFacts], kind: str) -> Iterator[bytes]:
    """The file of the kind, in pieces."""
    columns = standard_columns()
    rows = ([column.cell(one) for column in columns] for one in reports)
    if kind == "json":
        return write_json(reports)
    if kind == "csv":
        return write_csv([column.name for column in columns], rows)
    return write_xlsx([Table("Reports", [(column.name, column.width) for column in columns], rows)], "")
