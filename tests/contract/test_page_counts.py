"""What the public pages count: numbers by day on either database, exact at the same moment, gone when over."""

import threading
from datetime import date, timedelta
from pathlib import Path

from server import housekeeping
from server.logs import visits
from server.storage.database import Database
from server.storage.objects import Objects
from telemetry.catalog.events import AppStarted
from telemetry.catalog.page_events import PAGE_EVENTS, PageTiming, PageViewed
from tests.contract.conftest import Clock, House

VIEW = PageViewed(page="home", scripts=True)


def _numbers(database: Database) -> list[tuple[date, str, dict[str, object], int]]:
    return [(one.day, one.name, dict(one.fields), one.times) for one in visits.counted(database, date.min)]


def test_the_same_again_makes_the_number_higher_and_another_day_begins_anew(database: Database, clock: Clock) -> None:
    first = clock.now.date()
    visits.count(database, [VIEW, VIEW, PageTiming(page="home", load_ms=1000)])
    clock.forward(days=1)
    visits.count(database, [VIEW])
    assert _numbers(database) == [
        (first, "page.timing", {"load_ms": 512, "page": "home"}, 1),
        (first, "page.viewed", {"page": "home", "scripts": True}, 2),
        (first + timedelta(days=1), "page.viewed", {"page": "home", "scripts": True}, 1),
    ]
    assert len(visits.counted(database, clock.now.date())) == 1


def test_visits_at_the_same_moment_are_all_counted(database: Database) -> None:
    start = threading.Barrier(8)

    def visit() -> None:
        start.wait(10)
        for _ in range(5):
            visits.count(database, [VIEW])

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert [times for *_, times in _numbers(database)] == [40]


def test_an_event_of_the_app_or_one_that_expired_is_not_counted(database: Database, clock: Clock) -> None:
    visits.count(database, [AppStarted(surface="tray")])
    clock.forward(days=(VIEW.declaration.expires - clock.now.date()).days)
    visits.count(database, [VIEW])
    assert _numbers(database) == []


def test_numbers_go_when_the_time_that_the_catalog_promises_is_over(
    database: Database, house: House, clock: Clock, tmp_path: Path
) -> None:
    objects = Objects((tmp_path / "media").as_uri())
    visits.count(database, [VIEW])
    kept = PAGE_EVENTS["page.viewed"].retention_days
    clock.forward(days=kept)
    housekeeping.tidy(database, objects)
    assert len(_numbers(database)) == 1
    clock.forward(days=1)
    housekeeping.tidy(database, objects)
    assert _numbers(database) == []
