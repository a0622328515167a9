"""Clocks that are wrong, zones and days that change, and events that fit nowhere: each is kept and says so."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from protocol.moment import Moment
from protocol.operations import AttendanceEvent
from rules.clock import format_utc
from rules.timesheets import by_day
from server.attendance.sentences import SENTENCES
from server.attendance.worksheets import timesheet
from server.policy.document import issue_policy
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.tables import location
from tests.contract import operations as make
from tests.contract.conftest import Clock, House
from tests.contract.test_sync import Device

HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    """Keys made once."""
    return SigningKeys.load_or_create(tmp_path_factory.mktemp("keys"), {})


@pytest.fixture
def device(database: Database, keys: SigningKeys, house: House) -> Device:
    """Ana's."""
    return Device(database, keys, house.ana)


def came(at: Moment, house: House, **more: object) -> AttendanceEvent:
    event = make.attendance("check_in", datetime(2026, 3, 2, tzinfo=UTC), location_id=house.gate)
    return msgspec.structs.replace(event, at=at, **more)


def reading(own: datetime, *, met: datetime | None = None, since: timedelta = timedelta(), boot: str = "b") -> Moment:
    """What a device reads whose clock shows `own`, `since` after it met the server at `met`, if it did in this boot."""
    elapsed = 3_600_000 + since // timedelta(milliseconds=1)
    confirmed = {} if met is None else {"confirmed_utc": format_utc(met), "confirmed_elapsed_ms": 3_600_000}
    return Moment(
        utc=format_utc(own), offset_minutes=0, zone="Europe/Lisbon", boot_id=boot, elapsed_ms=elapsed, **confirmed
    )


def test_the_time_is_the_true_one_while_it_is_known_and_says_how_well(
    device: Device, clock: Clock, house: House
) -> None:
    now = clock.now
    cases = {
        "as it is": (reading(now, met=now - HOUR, since=HOUR), now, "confirmed"),
        "turned back": (reading(now - 5 * HOUR, met=now - HOUR, since=HOUR), now, "confirmed"),
        "turned forward": (reading(now + 9 * HOUR, met=now - HOUR, since=HOUR), now, "confirmed"),
        "slept over midnight": (
            reading(now, met=now - 11 * HOUR, since=10 * HOUR),
            now - HOUR,
            "confirmed",
        ),
        "started anew offline, clock changed": (reading(now - 2 * HOUR, boot="c"), now - 2 * HOUR, "device"),
        "never saw the server": (reading(now - 3 * HOUR, boot="first"), now - 3 * HOUR, "device"),
    }
    for name, (moment, at, grade) in cases.items():
        event = came(moment, house)
        assert device.send(make.record(event)) == ["accepted"], name
        view = device.event(event.event_id)
        assert (view.at, view.grade) == (format_utc(at), grade), name


def test_hours_are_those_that_passed_over_both_changes_of_clocks_and_over_zones(
    device: Device, clock: Clock, house: House, keys: SigningKeys
) -> None:
    clock.now = datetime(2026, 11, 1, tzinfo=UTC)
    with device.database.write(house.organization_id) as t:
        t.execute(t.update(location).where(location.c.location_id == house.gate).values(zone="Europe/Vienna"))
    sessions = (
        (datetime(2026, 3, 28, 21, tzinfo=UTC), 7),  # 22:00 to 06:00, an hour is skipped
        (datetime(2026, 10, 24, 20, tzinfo=UTC), 9),  # 22:00 to 06:00, an hour comes twice
        (datetime(2026, 6, 1, 6, tzinfo=UTC), 10),  # 08:00 in Vienna to 12:00 in New York
    )
    for start, hours in sessions:
        event = came(reading(start), house)
        out = make.attendance("check_out", start, check_in_id=event.event_id)
        gone = msgspec.structs.replace(reading(start + hours * HOUR), zone="America/New_York", offset_minutes=-240)
        device.send(make.record(event), make.record(msgspec.structs.replace(out, at=gone)))

    def days() -> dict[date, int]:
        with device.database.read(house.organization_id) as t:
            found = timesheet(t, house.ana.member_id, date(2026, 1, 1), date(2026, 12, 31))
            return {day: seconds // 3600 for day, seconds in by_day(found).items()}

    assert days() == {date(2026, 3, 28): 7, date(2026, 10, 24): 9, date(2026, 6, 1): 10}
    with device.database.write(house.organization_id) as t:
        issue_policy(t, keys, report_day="00:00")
    assert days() == {
        date(2026, 3, 28): 2,
        date(2026, 3, 29): 5,
        date(2026, 10, 24): 2,
        date(2026, 10, 25): 7,
        date(2026, 6, 1): 10,
    }


def test_what_fits_nowhere_is_kept_with_its_own_sentence(device: Device, clock: Clock, house: House) -> None:
    now = clock.now
    first, second = (came(reading(now + minute * timedelta(minutes=1)), house) for minute in (0, 1))
    alone = make.attendance("check_out", now + 2 * HOUR)
    future = came(reading(now + 3 * HOUR), house)
    old = came(reading(now - timedelta(days=40)), house)
    sent = [make.record(event) for event in (first, second, alone, future, old)]
    assert device.send(*sent) == ["accepted"] * 5
    assert device.send(*sent) == ["duplicate"] * 5
    assert device.event(first.event_id).needs_end
    for event, flag in (
        (second, "second_check_in"),
        (alone, "no_open_session"),
        (future, "from_the_future"),
        (old, "long_ago"),
    ):
        view = device.event(event.event_id)
        assert flag in view.flags
        assert SENTENCES[flag] in view.sentences
    assert device.known == device.fresh()
