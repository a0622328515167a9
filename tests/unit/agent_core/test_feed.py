"""What the server teaches, and what its receipts must be before anything is let go."""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.store import feed, media, operations, receipts, reports
from agent.store.media import SpooledFile
from agent.store.work import WORK, fact
from agent.store.writer import Store, Writer
from protocol.moment import Moment
from protocol.operations import ManifestEntry, ReportRevision
from protocol.statements import RECEIPT, PublicKey, ReceiptPayload
from protocol.sync import Change
from rules.receipts import operation_digest
from rules.statements import public_key, sign

MOMENT = Moment(utc="2026-03-01T08:00:00.000Z", offset_minutes=0, zone="UTC", boot_id="b", elapsed_ms=1)
NOW = "2026-03-01T09:00:00.000Z"
KEY = Ed25519PrivateKey.generate()
FILE = SpooledFile("m", "m.txt", "notes.txt", "text/plain", 5, "ab" * 32, False)
ENTRY = ManifestEntry(media_id="m", name="notes.txt", content_type="text/plain", size=5, sha256="ab" * 32)
BODY = msgspec.json.encode(
    ReportRevision(instance_id="i", revision_id="r", title="T", text="x", media=(ENTRY,), written=MOMENT)
)
GOOD = ReceiptPayload(
    organization_id="o",
    member_id="me",
    instance_id="i",
    revision_id="r",
    operation_id="op",
    salt=base64.b64encode(b"salt").decode(),
    operation_digest=operation_digest(b"salt", BODY),
    media=("ab" * 32,),
    received=NOW,
    previous="",
    access_head="",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    writer = Writer()
    opened = writer.open(tmp_path / "work.db", WORK).result(5)

    def file_one(connection: object) -> None:
        media.add(connection, FILE, NOW)  # type: ignore[arg-type]
        operations.add(
            connection,  # type: ignore[arg-type]
            operation_id="op",
            kind="report.revise",
            entity="i",
            item_id="i",
            body=BODY,
        )
        revision = msgspec.json.decode(BODY, type=ReportRevision)
        reports.file(connection, revision, operation_id="op", at=NOW)  # type: ignore[arg-type]
        media.claim(connection, "r", ("m",))  # type: ignore[arg-type]

    opened.write(file_one).result(5)
    yield opened
    writer.close()


def change(kind: str, entity: str, body: object) -> Change:
    return Change(kind=kind, entity=entity, body=msgspec.Raw(msgspec.json.encode(body)))


def judge(
    store: Store, payload: ReceiptPayload, *, by: Ed25519PrivateKey = KEY, keys: tuple[PublicKey, ...]
) -> list[str]:
    statement = sign(by, RECEIPT, msgspec.json.encode(payload))
    store.write(lambda c: feed.apply(c, [change("receipt", "r", statement)])).result(5)
    return store.write(lambda c: receipts.check_all(c, keys, organization_id="o", member_id="me", now=NOW)).result(5)


def state(store: Store) -> tuple[str, str | None, int]:
    row = store.read(
        lambda c: c.execute(
            "SELECT (SELECT state FROM receipt), (SELECT done_at FROM report), (SELECT released FROM media)"
        ).fetchone()
    )
    return row[0], row[1], row[2]


def trouble(store: Store) -> str:
    row = store.read(lambda c: reports.item(c, "i"))
    assert row is not None
    return row.trouble or ""


def test_a_receipt_that_holds_lets_the_copy_go(store: Store) -> None:
    assert judge(store, GOOD, keys=(public_key(KEY),)) == ["m.txt"]
    assert state(store) == ("verified", NOW, 1)
    assert trouble(store) == ""
    assert store.read(lambda c: operations.due(c, "9", 10)) == []  # kept, though its own result was lost


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"organization_id": "other"}, "another member"),
        ({"member_id": "other"}, "another member"),
        ({"operation_id": "other"}, "another item"),
        ({"operation_digest": "0" * 64}, "other words"),
        ({"salt": base64.b64encode(b"pepper").decode()}, "other words"),
        ({"media": ()}, "not name exactly the files"),
        ({"media": ("cd" * 32,)}, "not name exactly the files"),
    ],
)
def test_any_other_receipt_is_kept_shown_and_lets_nothing_go(
    wrong: dict[str, object], words: str, store: Store
) -> None:
    assert judge(store, msgspec.structs.replace(GOOD, **wrong), keys=(public_key(KEY),)) == []
    assert state(store) == ("refused", None, 0)
    assert words in trouble(store)
    assert store.read(media.named) == {"m.txt"}
    # The right one heals it.
    assert judge(store, GOOD, keys=(public_key(KEY),)) == ["m.txt"]
    assert trouble(store) == ""


def test_a_receipt_by_a_key_that_is_not_known_waits_and_is_then_refused(store: Store) -> None:
    stranger = Ed25519PrivateKey.generate()
    assert judge(store, GOOD, by=stranger, keys=(public_key(KEY),)) == []
    assert state(store)[0] == "unchecked"
    assert store.read(receipts.unchecked)
    store.write(receipts.refuse_unchecked).result(5)
    assert state(store) == ("refused", None, 0)
    assert "not trusted" in trouble(store)


def test_a_changed_signature_proves_nothing(store: Store) -> None:
    statement = sign(KEY, RECEIPT, msgspec.json.encode(msgspec.structs.replace(GOOD, received="later")))
    forged = msgspec.structs.replace(statement, payload=base64.b64encode(msgspec.json.encode(GOOD)).decode())
    store.write(lambda c: feed.apply(c, [change("receipt", "r", forged)])).result(5)
    keys = (public_key(KEY),)
    released = store.write(lambda c: receipts.check_all(c, keys, organization_id="o", member_id="me", now=NOW)).result(
        5
    )
    assert released == []
    assert state(store)[0] == "refused"


def test_an_unknown_kind_or_shape_is_kept_raw_and_taken_in_after_an_update(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [
        change("hologram", "h", {"depth": 3}),
        change("location", "l", {"location_id": 7}),
        change("location", "g", {"location_id": "g", "name": "Gate", "zone": "UTC", "new_field": True}),
    ]
    store.write(lambda c: feed.apply(c, changes)).result(5)
    kept = store.read(
        lambda c: [tuple(row) for row in c.execute("SELECT kind, body FROM unknown_change ORDER BY kind")]
    )
    assert kept == [("hologram", b'{"depth":3}'), ("location", b'{"location_id":7}')]
    assert store.read(lambda c: c.execute("SELECT name FROM location").fetchone()[0]) == "Gate"
    seen: list[str] = []
    monkeypatch.setitem(feed._KINDS, "hologram", lambda _connection, one: seen.append(one.entity))
    store.write(feed.apply_unknown).result(5)
    assert seen == ["h"]
    assert store.read(lambda c: c.execute("SELECT count(*) FROM unknown_change").fetchone()[0]) == 1


def test_a_reset_forgets_what_was_taught_and_nothing_that_was_made_here(store: Store) -> None:
    view = {"instance_id": "far", "state": "received", "title": "Far", "heads": ["x"], "received": NOW}
    own = {**view, "instance_id": "i", "state": "returned"}
    gate = {"location_id": "g", "name": "Gate", "zone": "UTC"}
    taught = [change("report", "far", view), change("report", "i", own), change("location", "g", gate)]
    store.write(lambda c: feed.apply(c, taught)).result(5)
    assert store.read(lambda c: reports.item(c, "far")) is not None
    store.write(feed.forget_taught).result(5)
    assert store.read(lambda c: reports.item(c, "far")) is None
    row = store.read(lambda c: reports.item(c, "i"))
    assert row is not None
    assert (row.title, row.server) == ("T", None)
    assert len(store.read(lambda c: operations.due(c, "9", 10))) == 1
    assert store.read(lambda c: fact(c, feed.CURSOR, str)) is None


def test_a_file_the_server_does_not_hold_is_sent_again_until_the_receipt(store: Store) -> None:
    store.write(lambda c: operations.kept(c, "op", NOW)).result(5)
    store.write(lambda c: media.sent(c, "m")).result(5)
    assert store.read(lambda c: media.due(c, NOW)) is None
    view = {"instance_id": "i", "state": "received", "title": "T", "heads": ["r"], "received": NOW, "missing": ["m"]}
    store.write(lambda c: feed.apply(c, [change("report", "i", view)])).result(5)
    due = store.read(lambda c: media.due(c, NOW))
    assert due is not None
    assert due.media_id == "m"
    judge(store, GOOD, keys=(public_key(KEY),))
    store.write(lambda c: feed.apply(c, [change("report", "i", view)])).result(5)
    assert store.read(lambda c: media.due(c, NOW)) is None
