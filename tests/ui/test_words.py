"""Times, sizes and counts as people read them, and every text within reach of a translator."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from agent.api import ActivityItem, OpenSession, Snapshot
from agent.transport import EgressRow
from rules.sentence import Sentence, together
from telemetry.catalog import EVENTS
from tests.ui.fake_agent import rfc3339
from ui import wording

ITEM = ActivityItem(key="k", item_id="i", kind="report", title="Lamp", at="2026-03-01T12:00:00Z", state="saved")
NOW = datetime(2026, 3, 1, 11, 10, tzinfo=UTC)
TRANSLATIONS = Path(wording.__file__).parent / "translations" / "miratag_en.ts"


@pytest.mark.parametrize(
    ("minutes", "words"), [(-5, "0 min"), (0, "0 min"), (12, "12 min"), (59, "59 min"), (60, "1 h 00"), (192, "3 h 12")]
)
def test_elapsed(minutes, words):
    assert wording.elapsed(rfc3339(NOW - timedelta(minutes=minutes)), NOW) == words


def test_a_session_of_yesterday_says_its_day():
    began = datetime(2026, 3, 1, 22, 0).astimezone()
    assert wording.since(rfc3339(began), began + timedelta(minutes=90)) == "22:00"
    assert wording.since(rfc3339(began), began + timedelta(hours=3)) == "Sun 1 Mar, 22:00"


def test_every_event_and_connection_has_words():
    assert {name for name in EVENTS if wording.event(name) == name} == set()
    assert {row for row in EgressRow if wording.connection(row) == row} == set()
    assert wording.event("made.later") == "made.later"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Saved here"),
        ({"state": "waiting"}, "Waiting"),
        ({"state": "sending", "progress": 0.409}, "Sending 40 %"),
        ({"state": "sending"}, "Sending"),
        ({"state": "returned"}, "Returned"),
        ({"state": "approved"}, "Approved"),
        ({"state": "received", "cancelled": True}, "Undone"),
    ],
)
def test_states(fields, words):
    assert wording.state(msgspec.structs.replace(ITEM, **fields)) == words


def test_received_names_the_time():
    now = datetime.now(UTC)
    item = msgspec.structs.replace(ITEM, state="received", received=rfc3339(now))
    assert wording.state(item) == f"Received {now.astimezone():%H:%M}"


def test_days():
    today = datetime(2026, 3, 2, tzinfo=UTC).date()
    assert wording.day(today, today) == "Today"
    assert wording.day(today - timedelta(days=1), today) == "Yesterday"
    assert wording.day(today - timedelta(days=2), today) == "Saturday 28 February"
    assert wording.day(today - timedelta(days=400), today) == "Sunday 26 January 2025"


def test_the_footer_counts_in_good_english(english):
    one = Snapshot(sent_reports_today=1, sent_attendance_today=2, sent_log_records_today=0)
    assert wording.sent_today(one) == "Today this computer sent 1 report, 2 check-ins, 0 log records"


def test_the_status_line(english):
    session = OpenSession(
        check_in_id="c", location_id=None, location="Gate 2", since=rfc3339(datetime.now(UTC)), on_break=False
    )
    snapshot = Snapshot(current="a", link="offline", session=session, waiting=1, sending=1, needs_you=1)
    since = wording.clock_at(session.since)
    assert wording.status(snapshot) == f"In at Gate 2 since {since} · offline · 2 waiting · 1 needs you"
    assert wording.status(Snapshot()) == "Not signed in"


def test_every_counted_text_has_its_english_plurals():
    text = TRANSLATIONS.read_text(encoding="utf-8")
    assert 'type="unfinished"' not in text
    listed = set(re.findall(r"<source>(.*?)</source>", text))
    root = Path(wording.__file__).parents[1]
    sources = [*root.glob("ui/**/*.py"), root / "desktop" / "tray_program.py"]
    used = {
        found.replace("&", "&amp;")
        for source in sources
        for found in re.findall(
            r'(?:tr|translate)\(\s*(?:"\w+", )?"([^"]*%n[^"]*)"', source.read_text(encoding="utf-8")
        )
    }
    assert len(used) >= 12
    assert used <= listed


def test_a_sentence_of_the_agent_is_filled_with_what_it_was_made_of():
    made = together(Sentence("%(host)s cannot be reached.", host="reports.example.invalid"), "Try again later.")
    assert wording.told(made) == "reports.example.invalid cannot be reached. Try again later."
    assert wording.told(Sentence("%(name)s: 100 %%\nof %(count)s.", name="It", count=2)) == "It: 100 %\nof 2."
    assert wording.told(Sentence("100 % is here.\nAll of it.")) == "100 % is here.\nAll of it."
    hebrew = wording.told(Sentence("“%(name)s” is empty.", name="דוח"))
    assert hebrew == "“\N{FIRST STRONG ISOLATE}דוח\N{POP DIRECTIONAL ISOLATE}” is empty."
