"""What another device wrote is read unasked: bounded, newest first, and behind what waits here to be sent."""

from typing import Any, cast

import msgspec

from agent.runtime import versions
from agent.store import feed
from agent.store.writer import Store
from agent.sync.asking import Asker
from agent.sync.fetching import MOST_UNASKED, Fetching
from agent.transport import Cancellation, Reply
from protocol.moment import Moment
from protocol.operations import ReportRevision
from protocol.sync import Change
from tests.unit.agent_drafts.conftest import file_report


class Answering:
    """In place of the asker: has every version but those that are `gone`."""

    account = msgspec.defstruct("Account", [("server_url", str, "https://m.example")])()

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.gone: set[str] = set()
        self.status = 200

    def ask(self, _row: object, _method: str, url: str, **_more: Any) -> Reply:
        instance_id, revision_id = url.split("/")[-3], url.rsplit("/", maxsplit=1)[-1]
        self.asked.append(revision_id)
        moment = Moment(utc="2026-03-01T08:00:00.000Z", offset_minutes=0, zone="UTC", boot_id="", elapsed_ms=0)
        revision = ReportRevision(
            instance_id=instance_id, revision_id=revision_id, title="T", text=f"about {instance_id}", written=moment
        )
        status = 404 if revision_id in self.gone else self.status
        return Reply(status, {}, msgspec.json.encode(revision) if status == 200 else b"")


def told(store: Store, numbers: range) -> None:
    changes = [
        Change(
            kind="report",
            entity=f"i{number}",
            body=msgspec.Raw(
                msgspec.json.encode(
                    {
                        "instance_id": f"i{number}",
                        "state": "received",
                        "title": "T",
                        "heads": [f"r{number}"],
                        "received": f"2026-01-01T08:{number:02d}:00.000Z",
                    }
                )
            ),
        )
        for number in numbers
    ]
    store.write(lambda c: feed.apply(c, changes)).result(5)


def test_all_of_it_comes_newest_first_in_bounded_rounds_and_what_is_gone_is_asked_for_once(store: Store) -> None:
    server = Answering()
    server.gone = {"r59", "r1"}
    told(store, range(60))
    fetching = Fetching(cast("Asker", server), store, versions.settle)
    fetching.run(Cancellation())
    assert server.asked == [f"r{number}" for number in range(59, 59 - MOST_UNASKED, -1)]
    fetching.run(Cancellation())
    assert server.asked[MOST_UNASKED:] == [f"r{number}" for number in range(9, -1, -1)]
    fetching.run(Cancellation())
    assert len(server.asked) == 60
    texts = store.read(lambda c: [row["text"] for row in c.execute("SELECT text FROM report ORDER BY at")])
    assert texts[2] == "about i2"
    assert texts[1] == ""


def test_what_waits_here_goes_first_and_a_server_in_trouble_is_left_alone(store: Store) -> None:
    server = Answering()
    told(store, range(5))
    fetching = Fetching(cast("Asker", server), store, versions.settle)
    server.status = 503
    fetching.run(Cancellation())
    assert server.asked == ["r4"]
    server.status = 200
    file_report(store, "own", "Gate")
    fetching.run(Cancellation())
    assert server.asked == ["r4"]
    store.write(lambda c: c.execute("UPDATE operation SET state = 'kept'")).result(5)
    fetching.run(Cancellation())
    assert server.asked[1:] == ["r4", "r3", "r2", "r1", "r0"]
