"""An agent in this process, signed in by an enrolment code, for tests."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.api import (
    ActivityItem,
    ActivityPage,
    Attach,
    Attached,
    Command,
    Event,
    Filed,
    FileReport,
    ListActivity,
    ListLocations,
    LocationItem,
    Query,
    ReportDetail,
    ShowReport,
    SignedIn,
    SignIn,
    Snapshot,
    Synced,
    SyncNow,
)
from agent.runtime import LocalAgent
from agent.store.profile import Profile
from tests.live_server import LiveServer

PATIENCE = 30.0


def no_browser(url: str) -> None:
    raise AssertionError(f"a browser was to be opened for {url}")


class AtWork:
    """The agent of one profile; `events` wakes whoever waits in `until`."""

    def __init__(self, profile: Path, **options: Any) -> None:
        self.profile = Profile(profile)
        self.agent = LocalAgent(self.profile, open_external=no_browser, **options)
        self.account = ""
        self._changed = threading.Condition()
        self._count = 0
        self.agent.subscribe(self._hear)

    def _hear(self, _event: Event) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def do(self, command: Command, seconds: float = PATIENCE) -> Any:
        return self.agent.submit(command).result(seconds)

    def look(self, query: Query) -> Any:
        return self.agent.query(query).result(PATIENCE)

    def enrol(self, url: str, code: str) -> SignedIn:
        signed_in: SignedIn = self.do(SignIn(server_url=url, enrolment_code=code, credentials="file"))
        self.account = signed_in.account
        return signed_in

    def sync(self, seconds: float = PATIENCE) -> Synced:
        done: Synced = self.do(SyncNow(account=self.account, wait_seconds=seconds), seconds + 5)
        return done

    def attach(self, path: Path) -> Attached:
        attached: Attached = self.do(Attach(account=self.account, path=str(path)))
        return attached

    def file(self, text: str, *media: str, location_id: str | None = None) -> Filed:
        filed: Filed = self.do(FileReport(account=self.account, text=text, media=media, location_id=location_id))
        return filed

    def activity(self, **options: Any) -> tuple[ActivityItem, ...]:
        page: ActivityPage = self.look(ListActivity(account=self.account, **options))
        return page.items

    def report(self, instance_id: str) -> ReportDetail:
        detail: ReportDetail = self.look(ShowReport(account=self.account, instance_id=instance_id))
        return detail

    def locations(self) -> tuple[LocationItem, ...]:
        items: tuple[LocationItem, ...] = self.look(ListLocations(account=self.account)).items
        return items

    def until(self, holds: Callable[[Snapshot], bool], seconds: float = PATIENCE) -> Snapshot:
        """The first snapshot for which it holds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not holds(self.agent.snapshot()):
                left = deadline - time.monotonic()
                assert left > 0, f"it never came true: {self.agent.snapshot()}"
                self._changed.wait(min(left, 0.5))
            return self.agent.snapshot()


@contextmanager
def at_work(profile: Path, server: LiveServer | None = None, *, email: str = "", **options: Any) -> Iterator[AtWork]:
    """Signed in as the demo's first worker, or `email`, when `server` is given."""
    one = AtWork(profile, **options)
    try:
        if server is not None:
            one.enrol(server.url, server.enrol(email or server.facts["worker"][0][0]))
        yield one
    finally:
        one.agent.close()
