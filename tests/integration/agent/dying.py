"""A process that files a report with a photo and a check-in, or checks in with a photo, and kills itself with SIGKILL
at a named step.

    python -m tests.integration.agent.dying PROFILE PHOTO STEP report|check-in

It is the real agent; one function of it is wrapped so that the process ends before or after it. `STEPS` names them in
the order of a report's way.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from agent.api import Attach, Attached, FileReport, RecordAttendance, ShowStatus, SyncNow
from agent.media import spool, tus
from agent.runtime import LocalAgent
from agent.store import feed, media, operations, receipts
from agent.store.profile import Profile
from agent.transport import Reply, Transport
from rules.media.stripping import still

TEXT = "The gate is broken\nIt does not close."


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_before(owner: Any, name: str) -> Callable[[], None]:
    return lambda: setattr(owner, name, die)


def die_after(owner: Any, name: str) -> Callable[[], None]:
    def wrap() -> None:
        real = getattr(owner, name)

        def then_die(*arguments: Any, **keywords: Any) -> Any:
            real(*arguments, **keywords)
            die()

        setattr(owner, name, then_die)

    return wrap


def die_after_reply(path: str, method: str, *, with_body: bytes = b"") -> Callable[[], None]:
    """The server did it; the reply is lost."""

    def wrap() -> None:
        real = Transport.request

        def then_die(self: Transport, row: Any, verb: str, url: str, **keywords: Any) -> Reply:
            reply = real(self, row, verb, url, **keywords)
            if verb == method and path in url and with_body in (keywords.get("body") or b""):
                die()
            return reply

        Transport.request = then_die  # type: ignore[method-assign]

    return wrap


def die_before_request(path: str, method: str, *, with_body: bytes = b"") -> Callable[[], None]:
    def wrap() -> None:
        real = Transport.request

        def die_first(self: Transport, row: Any, verb: str, url: str, **keywords: Any) -> Reply:
            if verb == method and path in url and with_body in (keywords.get("body") or b""):
                die()
            return real(self, row, verb, url, **keywords)

        Transport.request = die_first  # type: ignore[method-assign]

    return wrap


def small_requests() -> None:
    """So that a photo takes several of them."""
    tus.SMALLEST_REQUEST = tus.LARGEST_REQUEST = 64 * 1024


Steps = dict[str, Callable[[], None]]

# Before these, nothing had been saved, and nothing had been said to be.
_UNSAVED: Steps = {
    "photo half copied": die_after(still, "_minimal_exif"),
    "photo copied, not named": die_before(spool, "sync_folder"),
    "photo named, no row": die_before(media, "add"),
    "operation in line, not committed": die_after(operations, "add"),
}
_SAVED: Steps = {
    "reply read, not committed": die_before(feed, "apply"),
    "result kept, no upload yet": die_before_request("/v1/media", "POST"),
    "upload opened, reply lost": die_after_reply("/v1/media", "POST"),
    "upload opened, address kept": die_before_request("/v1/media/", "HEAD"),
    "first piece arrived, reply lost": die_after_reply("/v1/media/", "PATCH"),
    "progress kept, not committed": die_after(media, "progressed"),
    "all pieces arrived": die_before(media, "sent"),
    "receipt came, not committed": die_after(receipts, "check_receipt"),
    "receipt committed, copy still here": die_before(spool.Spool, "forget"),
}


def _words(kind: bytes) -> Steps:
    return {
        "committed, nothing sent": die_before_request("/v1/sync", "POST", with_body=kind),
        "sent, reply lost": die_after_reply("/v1/sync", "POST", with_body=kind),
    }


UNSAVED = _UNSAVED | {"all rows written, not committed": die_after(media, "claim")}
SAVED = _words(b"report.revise") | _SAVED
STEPS = UNSAVED | SAVED
"""Of a report's way."""
UNSAVED_EVENT = _UNSAVED | {"all rows written, not committed": die_after(media, "claim_for_event")}
SAVED_EVENT = _words(b"attendance.record") | _SAVED
EVENT_STEPS = UNSAVED_EVENT | SAVED_EVENT
"""Of a check-in's way."""


def main(profile: str, photo: str, step: str, what: str) -> None:
    small_requests()
    if step != "none":
        (STEPS if what == "report" else EVENT_STEPS)[step]()
    agent = LocalAgent(Profile(profile), open_external=lambda url: None)
    account = agent.query(ShowStatus()).result(30).current
    attached: Attached = agent.submit(Attach(account=account, path=photo)).result(30)
    photos, of_event = (attached.media_id,), what == "check-in"
    pressed = RecordAttendance(account=account, kind="check_in", note="At the pier", media=photos if of_event else ())
    agent.submit(pressed).result(30)
    if not of_event:
        agent.submit(FileReport(account=account, text=TEXT, media=photos)).result(30)
    sys.stdout.write("saved\n")
    sys.stdout.flush()
    agent.submit(SyncNow(account=account, wait_seconds=40)).result(60)
    raise SystemExit(f"the step {step!r} never came")


if __name__ == "__main__":
    main(*sys.argv[1:])
