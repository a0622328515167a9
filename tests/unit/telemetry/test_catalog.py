"""The catalog promises what it holds: purpose, owner, retention, expiry, and no free text about usage."""

import datetime
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

import pytest

from telemetry import redaction
from telemetry.catalog import EVENTS, Event, UndeclaredEventError, WrongFieldsError, attributes, parse
from telemetry.catalog.declaration import Text, Whole, declare, index
from telemetry.catalog.events import AppStarted, ErrorReported, ReportSent
from telemetry.catalog.page_events import PAGE_EVENTS
from telemetry.catalog_page import page

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_docs_page_is_what_the_catalog_says() -> None:
    assert (REPOSITORY / "docs" / "telemetry.md").read_text() == page(EVENTS, PAGE_EVENTS)


def test_usage_holds_no_text_and_no_field_bears_a_denied_name() -> None:
    for event in [*EVENTS.values(), *PAGE_EVENTS.values()]:
        for field in event.fields:
            assert field.kind != "text" or event.category == "diagnostics"
            assert not redaction.denied(field.name)


def test_an_event_is_of_the_app_or_of_the_pages() -> None:
    assert not set(EVENTS) & set(PAGE_EVENTS)


def test_no_event_has_expired_yet_and_owners_are_roles() -> None:
    for event in [*EVENTS.values(), *PAGE_EVENTS.values()]:
        assert event.expires > datetime.datetime.now(datetime.UTC).date()
        assert event.owner.endswith("team")
        assert event.purpose.endswith(".")


def test_the_catalog_needs_neither_the_network_nor_protobuf_nor_sqlite() -> None:
    code = (
        "import sys, telemetry.catalog; "
        "print(sorted({'sqlite3', 'google.protobuf', 'requests', 'telemetry.store'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert loaded.stdout.strip() == "[]"


def test_numbers_are_cut_and_bucketed() -> None:
    assert attributes(ReportSent(kind="new", size_bytes=1000, media=5000)) == {
        "kind": "new",
        "size_bytes": 512,
        "media": 1000,
    }
    assert attributes(ReportSent(kind="new", size_bytes=0, media=-1))["media"] == 0
    assert attributes(ReportSent(kind="edit", size_bytes=2**60, media=0))["size_bytes"] == 2**40


def test_a_value_outside_the_declaration_is_refused_without_repeating_it() -> None:
    with pytest.raises(WrongFieldsError) as refused:
        attributes(AppStarted(surface="my secret"))  # type: ignore[arg-type]  # what a careless caller might do
    assert "secret" not in str(refused.value)
    with pytest.raises(WrongFieldsError) as refused:
        parse(EVENTS, "app.started", {"surface": "my secret"})
    assert "secret" not in str(refused.value)
    assert "surface" in str(refused.value)


def test_an_event_by_name_needs_exactly_its_fields() -> None:
    assert parse(EVENTS, "app.started", {"surface": "tray"}) == AppStarted(surface="tray")
    with pytest.raises(UndeclaredEventError):
        parse(EVENTS, "app.spied", {})
    with pytest.raises(WrongFieldsError):
        parse(EVENTS, "app.started", {"surface": "tray", "extra": 1})
    with pytest.raises(WrongFieldsError):
        parse(EVENTS, "report.sent", {"kind": "new", "size_bytes": "12", "media": 1})


def test_text_is_cut() -> None:
    assert len(str(attributes(ErrorReported(level="error", template="x" * 5000))["template"])) == 300


def _declared(category: Literal["usage", "diagnostics"], purpose: str = "Why.") -> object:
    return declare(
        name="a.b",
        version=1,
        category=category,
        purpose=purpose,
        owner="client team",
        retention_days=1,
        expires=datetime.date(2030, 1, 1),
    )


def test_a_declaration_with_free_text_in_usage_or_an_unbounded_field_does_not_load() -> None:
    class Texty(Event, frozen=True, kw_only=True):
        what: Annotated[str, Text(max_chars=10)]

    class Unbounded(Event, frozen=True, kw_only=True):
        what: int

    class Bare(Event, frozen=True, kw_only=True):
        what: str

    class Fine(Event, frozen=True, kw_only=True):
        what: Annotated[int, Whole(max=3)]

    for event in (Texty, Unbounded, Bare):
        with pytest.raises(TypeError):
            _declared("usage")(event)  # type: ignore[operator]
    with pytest.raises(TypeError):
        _declared("usage", purpose="")(Fine)  # type: ignore[operator]
    assert _declared("diagnostics")(Texty) is Texty  # type: ignore[operator]


def test_two_events_of_one_name_do_not_load() -> None:
    with pytest.raises(TypeError):
        index(AppStarted, AppStarted)
