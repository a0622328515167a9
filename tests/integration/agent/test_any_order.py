"""Two devices of one person and a real server, in any order, with replies lost before and after the server kept what it
was sent, and full pulls: in the end all three say the same, nothing is doubled and nothing is lost."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.api import AddComment, AgentError, DraftReport, KeepVersion, Retry, SaveDraft, SendDrafts
from agent.store import feed
from agent.transport import TransportError
from tests.integration.agent.at_work import AtWork, at_work
from tests.integration.agent.manager_at_work import ManagerAtWork, manager_at_work
from tests.live_server import LiveServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path) as started:
        yield started


class Devices:
    """What a run did; `lost` is how the next request of a device goes wrong."""

    def __init__(self, one: AtWork, two: AtWork, manager: ManagerAtWork, seed: int) -> None:
        self.both, self.manager = (one, two), manager
        self.chance = random.Random(seed)
        self.filed: list[str] = []
        self.said: dict[str, set[str]] = {}
        self.count = 0
        for work in self.both:
            self._break(work)

    def _break(self, work: AtWork) -> None:
        transport = work.agent._opened().transport
        whole = transport.request

        def request(*args: Any, **options: Any) -> Any:
            fate = self.lossy and self.chance.choice(("before", "after", "", "", ""))
            if fate == "before":
                raise TransportError("unreachable", "The network is away.")
            reply = whole(*args, **options)
            if fate == "after":
                raise TransportError("unreachable", "The reply was lost.")
            return reply

        self.lossy = False
        transport.request = request  # type: ignore[method-assign]

    def step(self) -> None:
        self.count += 1
        work = self.chance.choice(self.both)
        acts: list[Callable[[AtWork], None]] = [self.file, self.edit, self.edit, self.comment, self.keep, self.decide]
        try:
            self.chance.choice([*acts, self.sync, self.sync, self.sync, self.pull])(work)
        except AgentError as error:
            if error.kind not in {"refused", "not_found"}:
                raise

    def file(self, work: AtWork) -> None:
        self.filed.append(work.file(f"Report {self.count}").instance_id)

    def edit(self, work: AtWork) -> None:
        if self.filed:
            draft = work.do(DraftReport(account=work.account, instance_id=self.chance.choice(self.filed)))
            text = f"Report {self.count} changed"
            work.do(SaveDraft(account=work.account, draft_id=draft.draft_id, text=text, place_chosen=True))
            assert work.do(SendDrafts(account=work.account, draft_ids=(draft.draft_id,))).filed

    def comment(self, work: AtWork) -> None:
        if self.filed:
            instance_id, text = self.chance.choice(self.filed), f"Said {self.count}"
            work.do(AddComment(account=work.account, instance_id=instance_id, text=text))
            self.said.setdefault(instance_id, set()).add(text)

    def keep(self, work: AtWork) -> None:
        for instance_id in self.filed:
            versions = work.report(instance_id).versions
            if versions:
                chosen = self.chance.choice(versions).revision_id
                work.do(KeepVersion(account=work.account, instance_id=instance_id, revision_id=chosen))
                return

    def decide(self, _work: AtWork) -> None:
        page = self.manager.page("/reports")
        known = [one for one in self.filed if one in page]
        if known:
            one = self.chance.choice(known)
            if 'name="revision"' in self.manager.page(f"/reports/{one}"):
                self.manager.decide(one, self.chance.choice(("returned", "approved")), f"Because of {self.count}")

    def sync(self, work: AtWork) -> None:
        self.lossy = True
        work.do(Retry(account=work.account))
        work.sync(2)
        self.lossy = False

    def pull(self, work: AtWork) -> None:
        store = work.agent._opened().workplaces[work.account].store
        store.write(lambda c: c.execute("DELETE FROM fact WHERE name = ?", (feed.CURSOR,)).rowcount).result(20)

    def settle(self) -> None:
        """No more losses: everything is sent, and a person settles what stands side by side."""
        self.lossy = False
        for _ in range(20):
            for work in (*self.both, *self.both):
                work.do(Retry(account=work.account))
                assert work.sync().waiting == 0
            conflicts = [one for one in self.filed if self.both[0].report(one).versions]
            if not conflicts:
                return
            for one in conflicts:
                kept = self.both[0].report(one).versions[0].revision_id
                self.both[0].do(KeepVersion(account=self.both[0].account, instance_id=one, revision_id=kept))
        raise AssertionError("it never came to rest")


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))])
def test_all_three_agree_in_the_end(server: LiveServer, tmp_path: Path, seed: int) -> None:
    with (
        at_work(tmp_path / "one", server) as one,
        at_work(tmp_path / "two", server) as two,
        manager_at_work(server) as manager,
    ):
        for work in (one, two):
            work.sync()
        before = {item.item_id for item in one.activity(limit=200)}
        devices = Devices(one, two, manager, seed)
        for _ in range(40):
            devices.step()
        devices.settle()
        assert {item.item_id for item in one.activity(limit=200)} - before == set(devices.filed)
        assert {item.item_id for item in two.activity(limit=200)} - before == set(devices.filed)
        for instance_id in devices.filed:
            here, there = one.report(instance_id), two.report(instance_id)
            assert (here.item.state, here.item.review) == (there.item.state, there.item.review)
            said = sorted(comment.text for comment in here.comments)
            assert said == sorted(comment.text for comment in there.comments)
            assert set(said) == devices.said.get(instance_id, set())
            assert len(said) == len(set(said))
            assert here.item.title in manager.page(f"/reports/{instance_id}")
            if there.text_here:
                assert (here.item.title, here.text) == (there.item.title, there.text)
