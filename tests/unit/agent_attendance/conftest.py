"""One account's work with no server, places it knows, and a server's words put in by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.api import RecordAttendance
from agent.runtime import attending, reminding
from agent.store import feed
from agent.store.work import put_fact
from agent.sync.syncer import POLICY_HELD
from protocol.changes import LOCATION, LocationView
from protocol.operations import AttendanceEvent
from protocol.statements import PolicyPayload
from protocol.sync import Change
from tests.unit.agent_drafts.test_drafting import Desk

GATE = "gate"
YARD = "yard"


class Office(Desk):
    """A desk with two places; the gate shows a code and is known by a network."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.learn(LOCATION, GATE, self.place(GATE, name="Gate 2", code_digits=6, networks=("192.0.2.0/24",)))
        self.learn(LOCATION, YARD, self.place(YARD, name="Yard"))

    @staticmethod
    def place(location_id: str, **more: Any) -> LocationView:
        return LocationView(location_id=location_id, zone="Europe/Lisbon", **more)

    def learn(self, kind: str, entity: str, body: msgspec.Struct) -> None:
        change = Change(kind=kind, entity=entity, body=msgspec.Raw(msgspec.json.encode(body)))
        self.work.store.write(lambda c: feed.apply(c, [change])).result(5)

    def rules(self, **chosen: Any) -> None:
        payload = PolicyPayload(organization_id="o", version=1, issued="2026-01-01T00:00:00Z", **chosen)
        self.work.store.write(lambda c: put_fact(c, POLICY_HELD, payload)).result(5)

    def record(self, kind: str, location_id: str | None = None, **more: Any) -> str:
        command = RecordAttendance(account="s/m", kind=kind, location_id=location_id, **more)  # type: ignore[arg-type]
        return attending.record(self.work, command).event_id

    def body(self, event_id: str) -> AttendanceEvent:
        """As it travels."""
        query = "SELECT body FROM operation WHERE entity = ?"
        row = self.work.store.read(lambda c: c.execute(query, (event_id,)).fetchone())
        return msgspec.json.decode(row["body"], type=AttendanceEvent)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(reminding, "REST_MS", 0)
    made = Office(tmp_path)
    yield made
    made.close()
