"""`/beacon.gif`: where the public pages report that they were shown, by an image or by a script.

Nothing is counted without the visitor's own choice, with a browser that asks not to be tracked, or with one that bears
the cookie of a sign-in: then the request would stand for a person. An answer sets no cookie and is the same for all.
"""

import base64
import time
from collections.abc import Callable
from threading import Lock

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.params import FromQuery, RawBody

from server.logs import visits
from server.settings import Settings
from server.storage.database import Database
from server.web.optional import may_count
from server.web.session import WebRequest
from telemetry.catalog import Event, UndeclaredEventError, WrongFieldsError, parse
from telemetry.catalog.page_events import PAGE_EVENTS

PATH = "/beacon.gif"
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_MOST_BYTES = 2048
_MOST_EVENTS = 4
_NEVER_KEPT = {"Cache-Control": "no-store"}


class Gate:
    """Lets through so many reports a second and forgets the others: anybody may send any number of them, and no flood
    of what only makes numbers higher may keep the database from people's work."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._lock = Lock()
        self._left = per_second
        self._seen = clock()

    def passes(self) -> bool:
        """Whether one more may pass now."""
        with self._lock:
            now = self._clock()
            self._left = min(self._per_second, self._left + (now - self._seen) * self._per_second)
            self._seen = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


_gate = Gate(20)


class Reported(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event, as the script sends it."""

    name: str
    fields: dict[str, str | int | bool]


@get(PATH, sync_to_thread=True)
def by_image(
    request: WebRequest, settings: NamedDependency[Settings], database: NamedDependency[Database], page: FromQuery[str]
) -> Response[bytes]:
    """Where no script runs: that the page was shown. The image comes in any case, so that nothing looks broken."""
    if may_count(request.cookies, request.headers, settings):
        _count(database, [_event("page.viewed", {"page": page, "scripts": False})])
    return Response(_GIF, media_type="image/gif", headers=_NEVER_KEPT)


@post(PATH, status_code=204, sync_to_thread=True, request_max_body_size=_MOST_BYTES)
def by_script(
    request: WebRequest, settings: NamedDependency[Settings], database: NamedDependency[Database], body: RawBody
) -> Response[None]:
    """Of the script: a list of Reported as JSON. Raises ClientException for anything else."""
    if may_count(request.cookies, request.headers, settings):
        _count(database, _events(body))
    return Response(None, headers=_NEVER_KEPT)


def _count(database: Database, events: list[Event]) -> None:
    if _gate.passes():
        visits.count(database, events)


def _events(body: bytes) -> list[Event]:
    try:
        reported = msgspec.json.decode(body, type=list[Reported])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ClientException("This is no list of events.") from None
    if len(reported) > _MOST_EVENTS:
        raise ClientException("A page reports a few events at most.")
    return [_event(one.name, one.fields) for one in reported]


def _event(name: str, fields: dict[str, str | int | bool]) -> Event:
    try:
        return parse(PAGE_EVENTS, name, fields)
    except (UndeclaredEventError, WrongFieldsError):
        raise ClientException("The catalog declares no such event.") from None


routes = [by_image, by_script]
