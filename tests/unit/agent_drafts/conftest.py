"""A work.db of its own for each test, and what stands in it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.store import media, operations, reports
from agent.store.media import SpooledFile
from agent.store.work import WORK
from agent.store.writer import Store, Writer
from protocol.moment import Moment
from protocol.operations import REPORT_REVISE, ReportRevision

NOW = "2026-03-01T08:00:00.000Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    writer = Writer()
    yield writer.open(tmp_path / "work.db", WORK).result(10)
    writer.close()


def spooled(media_id: str) -> SpooledFile:
    return SpooledFile(media_id, f"{media_id}.txt", f"{media_id}.txt", "text/plain", 3, "0" * 64, stripped=False)


def attach(store: Store, media_id: str, at: str = NOW) -> None:
    store.write(lambda c: media.add(c, spooled(media_id), at)).result(5)


def file_report(
    store: Store, instance_id: str, title: str, text: str = "", *, place: str | None = None, at: str = NOW
) -> None:
    revision = ReportRevision(
        instance_id=instance_id,
        revision_id=f"r-{instance_id}",
        title=title,
        text=text,
        location_id=place,
        written=Moment(utc=at, offset_minutes=0, zone="UTC", boot_id="", elapsed_ms=0),
    )

    def keep(connection: object) -> None:
        operations.add(
            connection,  # type: ignore[arg-type]
            operation_id=f"o-{instance_id}",
            kind=REPORT_REVISE,
            entity=instance_id,
            item_id=instance_id,
            body=msgspec.json.encode(revision),
        )
        reports.file(connection, revision, operation_id=f"o-{instance_id}", at=at)  # type: ignore[arg-type]

    store.write(keep).result(5)
