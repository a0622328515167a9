"""Two devices of one person and a real server, with requests lost, held, refused, sent twice and sent again later in
any order: in the end all three say the same, nothing is doubled and nothing is lost."""

import base64
import hashlib
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from agent.api import DiscardDraft, DraftReport, ListDrafts, OpenDraft
from agent.store.writer import Store
from protocol.changes import ReportView
from protocol.statements import SignedStatement
from rules.receipts import payload_hash, read_receipt
from server.media.uploads import parts_of
from server.reports.revising import report_views
from server.storage.database import Database, Transaction
from server.storage.tables import media, operation, receipt, report_comment, revision, revision_parent
from tests.contract.in_process_server import InProcessServer, serving
from tests.integration.agent.apart import Apart, said_by
from tests.integration.agent.promised import nth
from tests.postgres_cluster import binaries, running_cluster
from tests.services.replaying_proxy import FATES, Fate, ReplayingProxy, replaying_proxy
from tests.stories import tell, tell_for

pytestmark = pytest.mark.timeout(1800)

DEVICES = st.sampled_from((0, 1))
NUMBERS = st.integers(0, 30)
SOME = 10
"""Requests that come once more after all is settled."""
LONG_SECONDS = 120.0
"""How long the long machine goes on beginning another story."""


@pytest.fixture
def line() -> Iterator[ReplayingProxy]:
    with replaying_proxy() as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'server.db'}"
        return
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with running_cluster(programs) as cluster:
        yield cluster.url(database=cluster.fresh_database())


@pytest.fixture
def server(tmp_path: Path, database_url: str, line: ReplayingProxy) -> Iterator[InProcessServer]:
    database = Database(database_url)
    database.migrate()
    database.close()
    with serving(tmp_path / "data", database_url, f"http://127.0.0.1:{line.port}") as served:
        line.target = served.port
        yield served


class AnyOrder(RuleBasedStateMachine):
    """What two devices, a manager and the network between them can do.

    Nothing that is drawn and no precondition depends on what was sent, which a busy computer decides too: so that the
    same choices can be tried again."""

    def __init__(self, server: InProcessServer, line: ReplayingProxy) -> None:
        super().__init__()
        self.apart: Apart | None = None
        self.server, self.line = server, line

    @initialize()
    def begin(self) -> None:
        self.apart = Apart(self.server, self.line)
        self.promised = self.apart.promised
        for filled in (False, True):
            self.apart.send(0, self.apart.write(0, filled=filled, photo=True), undoable=False)
        self.apart.write_too_much(0)
        for device in (0, 1):
            self.apart.deliver(device)
        for instance_id in self.promised.reports:
            self.apart.read(1, instance_id)
        self.apart.deliver(1)

    @property
    def acts(self) -> Apart:
        assert self.apart is not None
        return self.apart

    @rule(device=DEVICES, filled=st.booleans(), photo=st.booleans(), undoable=st.booleans())
    def file(self, *, device: int, filled: bool, photo: bool, undoable: bool) -> None:
        self.acts.send(device, self.acts.write(device, filled=filled, photo=photo), undoable=undoable)

    @rule(device=DEVICES, filled=st.booleans(), photo=st.booleans())
    def begin_a_draft(self, *, device: int, filled: bool, photo: bool) -> None:
        self.acts.write(device, filled=filled, photo=photo)

    @rule(device=DEVICES, number=NUMBERS, discard=st.booleans())
    def end_a_draft(self, *, device: int, number: int, discard: bool) -> None:
        drafts = self.promised.drafts[device] or [self.acts.write(device, filled=False, photo=True)]
        draft_id = nth(drafts, number)
        if discard:
            self.acts.discard(device, draft_id)
        else:
            self.acts.send(device, draft_id, undoable=number % 2 == 0)

    @rule(device=DEVICES, number=NUMBERS, meanwhile=st.sampled_from(("", "", "commented", "edited")))
    def undo_sending(self, *, device: int, number: int, meanwhile: str) -> None:
        if not self.promised.undoable[device]:
            self.acts.send(device, self.acts.write(device, filled=False, photo=True), undoable=True)
        instance_id = nth(self.promised.undoable[device], number)
        if meanwhile == "commented":
            self.acts.comment(device, instance_id)
        elif meanwhile == "edited":
            self.acts.edit(device, instance_id, photo=True)
        self.acts.undo(device, instance_id)

    @rule(device=DEVICES, number=NUMBERS, photo=st.booleans())
    def edit(self, *, device: int, number: int, photo: bool) -> None:
        self.acts.edit(device, nth(self.promised.reports, number), photo=photo)

    @rule(number=NUMBERS, photo=st.booleans())
    def edit_on_both(self, *, number: int, photo: bool) -> None:
        for device in (0, 1):
            self.acts.edit(device, nth(self.promised.reports, number), photo=photo)

    @rule(device=DEVICES, number=NUMBERS)
    def read(self, *, device: int, number: int) -> None:
        self.acts.read(device, nth(self.promised.reports, number))

    @rule(device=DEVICES, number=NUMBERS)
    def correct_a_returned_one(self, *, device: int, number: int) -> None:
        returned = [key for key, one in self.promised.reports.items() if one.state == "returned"]
        if returned:
            self.acts.edit(device, nth(returned, number), photo=False)

    @rule(device=DEVICES, number=NUMBERS)
    def keep_one_of_several(self, *, device: int, number: int) -> None:
        several = [key for key, one in self.promised.reports.items() if len(one.heads) > 1]
        if several:
            self.acts.keep(device, nth(several, number), number)

    @rule(device=DEVICES)
    def write_too_much(self, *, device: int) -> None:
        self.acts.write_too_much(device)

    @rule(device=DEVICES, number=NUMBERS)
    def comment(self, *, device: int, number: int) -> None:
        self.acts.comment(device, nth(self.promised.reports, number))

    @rule(device=DEVICES, number=NUMBERS)
    def copy(self, *, device: int, number: int) -> None:
        self.acts.copy(device, nth(self.promised.reports, number))

    @rule(number=NUMBERS, decision=st.sampled_from(("returned", "returned", "approved", "rejected")))
    def decide(self, *, number: int, decision: str) -> None:
        self.acts.decide(nth(self.promised.reports, number), decision)

    @rule(device=DEVICES, fates=st.lists(st.sampled_from(FATES), max_size=5))
    def deliver(self, *, device: int, fates: list[Fate]) -> None:
        self.acts.deliver(device, fates)

    @rule(
        device=DEVICES,
        number=NUMBERS,
        fates=st.lists(st.sampled_from(("before", "after", "twice")), min_size=1, max_size=4),
    )
    def deliver_something_badly(self, *, device: int, number: int, fates: list[Fate]) -> None:
        self.acts.comment(device, nth(self.promised.reports, number))
        self.acts.deliver(device, fates)

    @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=3))
    def old_requests_come_again(self, *, numbers: list[int]) -> None:
        for number in numbers:
            self.acts.send_again(self.line.arrived[number % len(self.line.arrived)])

    @rule(seed=NUMBERS)
    def what_was_held_arrives_in_another_order(self, *, seed: int) -> None:
        self.acts.send_held(seed)

    @rule(device=DEVICES)
    def ask_for_everything(self, *, device: int) -> None:
        self.acts.forget_cursor(device)

    @rule(device=DEVICES)
    def restart(self, *, device: int) -> None:
        self.acts.restart(device)

    def teardown(self) -> None:
        if self.apart is None:
            return
        try:
            if sys.exception() is None:
                self._settle(self.apart)
                self._all_agree(self.apart)
                for heard in random.Random(self.apart.count).sample(
                    self.line.arrived, min(SOME, len(self.line.arrived))
                ):
                    self.apart.send_again(heard)
                for device in (0, 1):
                    self.apart.deliver(device)
                self._all_agree(self.apart)
        finally:
            self.apart.close()

    def _settle(self, apart: Apart) -> None:
        """All is delivered, and a person settles what stands side by side."""
        apart.send_held(apart.count)
        for device in (0, 1):
            apart.deliver(device)
            for key in sorted(self.promised.too_long[device]):
                apart.shorten(device, key)
        for _ in range(10):
            for device in (0, 1, 0, 1):
                synced = apart.deliver(device)
                assert synced.online
                assert synced.waiting == 0
            conflicts = [key for key, one in self.promised.reports.items() if len(one.heads) > 1]
            for number, key in enumerate(conflicts):
                device = number % 2
                assert {one.revision_id for one in apart.works[device].report(key).versions} == self.promised.reports[
                    key
                ].heads
                apart.keep(device, key, number)
            if not conflicts:
                break
        for key, one in self.promised.reports.items():
            assert len(one.heads) == 1
            for device in (0, 1):
                apart.read(device, key)
        for device in (0, 1):
            apart.deliver(device)

    def _all_agree(self, apart: Apart) -> None:
        with self.server.database.read(apart.house.organization_id) as t:
            self._server_has_it(t)
        for device in (0, 1):
            self._device_has_it(apart, device)

    def _server_has_it(self, t: Transaction) -> None:
        versions, comments = self.promised.all_versions(), self.promised.all_comments()
        sent = [row for device in (0, 1) for row in _operations(self.acts.store(device))]
        assert all(state == "kept" for _, _, state in sent)
        kept = t.all(t.select(operation))
        assert sorted((row.operation_id, row.body) for row in kept) == sorted((key, body) for key, body, _ in sent)
        assert len(kept) == len(versions) + len(comments)
        here = t.all(t.select(revision))
        assert {row.revision_id: (row.title, row.text) for row in here} == {
            key: (one.said.title, one.said.rest) for key, one in versions.items()
        }
        parents = {(row.revision_id, row.parent_id) for row in t.all(t.select(revision_parent))}
        assert parents == {(key, parent) for key, one in versions.items() for parent in one.parents}
        found = t.all(t.select(report_comment))
        assert {row.comment_id: (row.instance_id, row.text) for row in found} == comments
        assert {row.instance_id for row in here} == set(self.promised.reports)
        for key, one in self.promised.reports.items():
            [view] = report_views(t, [key])
            assert (view.heads, view.state, view.missing) == ((one.stands,), one.state, ())
            last = (view.review.revision_id, view.review.decision) if view.review is not None else None
            assert last == (one.decided[-1] if one.decided else None)
        self._server_has_the_files(t)
        self._receipts_are_a_chain(t)

    def _server_has_the_files(self, t: Transaction) -> None:
        rows = {row.media_id: row for row in t.all(t.select(media))}
        assert set(rows) == self.promised.all_files()
        for media_id, row in rows.items():
            assert row.held is not None
            pieces = [self.server.objects.stream(one.object_key, 0, one.size) for one in parts_of(t, row.upload_id)]
            content = b"".join(chunk for piece in pieces for chunk in piece)
            assert hashlib.sha256(content).hexdigest() == self.promised.hashes[media_id] == row.sha256

    def _receipts_are_a_chain(self, t: Transaction) -> None:
        work, before = self.acts.works[0], ""
        keys = work.agent._opened().directory.get(work.account).keys
        rows = t.all(t.select(receipt).order_by(receipt.c.ordinal))
        assert [row.ordinal for row in rows] == list(range(1, len(rows) + 1))
        assert sorted(row.revision_id for row in rows) == sorted(self.promised.all_versions())
        for row in rows:
            statement = msgspec.json.decode(row.statement, type=SignedStatement)
            payload = read_receipt(statement, keys)
            assert (payload.revision_id, payload.previous) == (row.revision_id, before)
            before = payload_hash(base64.b64decode(statement.payload))

    def _device_has_it(self, apart: Apart, device: int) -> None:
        work, store = apart.works[device], apart.store(device)
        assert {item.item_id for item in work.activity(limit=200)} == set(self.promised.reports)
        drafts = work.look(ListDrafts(account=work.account)).items
        saved = {one.draft_id: work.look(OpenDraft(account=work.account, draft_id=one.draft_id)) for one in drafts}
        assert {key: said_by(one) for key, one in saved.items()} == self.promised.drafts[device]
        for key, one in self.promised.reports.items():
            said, detail = one.versions[one.stands].said, work.report(key)
            assert (detail.item.state, detail.item.title, detail.text) == (one.state, said.title, said.rest)
            assert (detail.item.sentence, detail.item.conflict, detail.versions) == ("", False, ())
            assert (detail.answers, detail.refused) == (said.answers, False)
            decided = one.state if one.state in {"returned", "approved", "rejected"} else None
            assert (detail.item.review.decision if detail.item.review is not None else None) == decided
            assert {c.comment_id: (c.text, c.state) for c in detail.comments} == {
                comment_id: (text, "sent") for comment_id, text in one.comments.items()
            }
            taught = store.read(
                lambda c, key=key: c.execute("SELECT server FROM report WHERE instance_id = ?", (key,)).fetchone()[0]
            )
            assert msgspec.json.decode(taught, type=ReportView).heads == (one.stands,)
            # Another version would begin like this: what stands, with all its files.
            begun = work.do(DraftReport(account=work.account, instance_id=key))
            assert said_by(begun) == said
            work.do(DiscardDraft(account=work.account, draft_id=begun.draft_id))
            assert (detail.receipt is not None) == bool(one.written_on(device))
        states = dict(store.read(lambda c: c.execute("SELECT revision_id, state FROM receipt").fetchall()))
        own = {revision_id for one in self.promised.reports.values() for revision_id in one.written_on(device)}
        assert {key for key, state in states.items() if state == "verified"} == own
        assert {state for key, state in states.items() if key not in own} <= {"elsewhere"}


def _operations(store: Store) -> list[tuple[str, bytes, str]]:
    query = "SELECT operation_id, body, state FROM operation"
    return [tuple(row) for row in store.read(lambda c: c.execute(query).fetchall())]


@pytest.mark.hypothesis
def test_all_three_agree_in_the_end(server: InProcessServer, line: ReplayingProxy) -> None:
    tell(lambda: AnyOrder(server, line), stories=3, steps=15)


@pytest.mark.slow
def test_all_three_agree_in_the_end_of_long_stories(server: InProcessServer, line: ReplayingProxy) -> None:
    tell_for(lambda: AnyOrder(server, line), seconds=LONG_SECONDS, steps=40)
