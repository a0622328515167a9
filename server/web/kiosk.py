"""The kiosk page: number and PIN, one press, a sentence, and back to the start by itself. Nobody stays signed in."""

import hmac
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from uuid6 import uuid7

from protocol.operations import AttendanceEvent, AttendanceKind, Evidence
from rules.clock import parse_utc
from rules.zones import zone_of
from server.accounts import pins
from server.accounts.minting import Mint
from server.attendance import entering
from server.attendance.arrival import Arrival
from server.attendance.reading import Present
from server.bounds import is_id
from server.locations import screens
from server.locations.screens import Stand
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database, Transaction
from server.storage.members import lock_member
from server.storage.tables import member
from server.sync.operations import keep
from server.web.filing.form import moment
from server.web.rendering import page, words_of
from server.web.screens import SCREEN_HEADERS
from server.web.session import Form, WebRequest
from server.web.words import Words

RESULT_SECONDS = 8
"""How long a result stays before the next person's turn."""
CHOICE_SECONDS = 45
"""How long the buttons of a person stay; their ticket is good for a little longer."""
_TICKET_SECONDS = 60


class Ticket(msgspec.Struct, frozen=True):
    """That number and PIN were right a moment ago at this kiosk. It stands in the form; only this server makes it."""

    member_id: str
    until: int

    def encoded(self, mint: Mint, screen_id: str) -> str:
        """The text for the form."""
        return f"{self.member_id}.{self.until}.{self._seal(mint, screen_id)}"

    @classmethod
    def read(cls, mint: Mint, screen_id: str, text: str, now: float) -> "Ticket | None":
        """The ticket of a form; None when it is none of ours, of another kiosk, or over."""
        parts = text.split(".")
        if len(parts) != 3 or not is_id(parts[0]) or not (parts[1].isascii() and parts[1].isdecimal()):
            return None
        found = cls(parts[0], int(parts[1][:15]))
        right = hmac.compare_digest(found._seal(mint, screen_id).encode(), parts[2].encode(errors="replace"))
        return found if right and now <= found.until else None

    def _seal(self, mint: Mint, screen_id: str) -> str:
        return mint.derive("kiosk-ticket", f"{screen_id}/{self.member_id}/{self.until}")


class Kiosk(msgspec.Struct, frozen=True, kw_only=True):
    """One request at one kiosk."""

    request: WebRequest
    database: Database
    mint: Mint
    stand: Stand
    token: str

    @property
    def words(self) -> Words:
        """The language of the answer."""
        return words_of(self.request)

    def page(self, template: str, *, status: int = 200, **view: Any) -> Response[str]:
        """A page of the kiosk."""
        return page(
            self.request,
            template,
            status=status,
            headers=SCREEN_HEADERS,
            place=self.stand.location,
            zone=self.stand.zone,
            start=f"/kiosk/{self.token}",
            **view,
        )

    def start(self, refusal: ProblemError | None = None) -> Response[str]:
        """The first page; after a refusal with its sentence and empty fields, as the next one there may be another."""
        return self.page(
            "kiosk.html",
            status=200 if refusal is None else refusal.problem.status,
            active=self.stand.active,
            bad="" if refusal is None else self.words(refusal.sentence),
        )


def provide_kiosk(
    request: WebRequest, database: NamedDependency[Database], mint: NamedDependency[Mint], token: FromPath[str]
) -> Kiosk:
    """The dependency `kiosk`. Raises a 404 problem for an address that is none, or not any more."""
    stand = screens.of_token(database, token, "kiosk")
    return Kiosk(request=request, database=database, mint=mint, stand=stand, token=token)


@get("/kiosk/{token:str}", sync_to_thread=True)
def kiosk_page(at_kiosk: NamedDependency[Kiosk]) -> Response[Any]:
    """The start: a number and a PIN."""
    return at_kiosk.start()


@post("/kiosk/{token:str}", status_code=200, sync_to_thread=True)
def recognise(at_kiosk: NamedDependency[Kiosk], form: NamedDependency[Form]) -> Response[Any]:
    """Look at number and PIN, and offer what that person can press."""
    screen = at_kiosk.stand.screen
    typed = (form.one("number"), form.one("pin"))
    try:
        known = pins.who(at_kiosk.database, at_kiosk.mint, screen.organization_id, screen.screen_id, typed)
    except ProblemError as refusal:
        return at_kiosk.start(refusal)
    with at_kiosk.database.read(screen.organization_id) as t:
        offered, now = entering.offered(t, known.actor, screen.location_id), t.now
    ticket = Ticket(known.actor.member_id, int(now.timestamp()) + _TICKET_SECONDS)
    return at_kiosk.page(
        "kiosk_choice.html",
        now=now,
        name=known.name,
        session=offered.session,
        in_here=offered.session is not None and offered.session.location_id == screen.location_id,
        actions=[(kind, _press(at_kiosk.words, kind)) for kind in offered.actions],
        ticket=ticket.encoded(at_kiosk.mint, screen.screen_id),
        event_id=str(uuid7()),
        seconds=CHOICE_SECONDS,
    )


@post("/kiosk/{token:str}/press", status_code=200, sync_to_thread=True)
def press(
    at_kiosk: NamedDependency[Kiosk], form: NamedDependency[Form], keys: NamedDependency[SigningKeys]
) -> Response[Any]:
    """Keep what was pressed and say so."""
    screen = at_kiosk.stand.screen
    kind, event_id = form.one("press"), form.one("event")
    ticket = Ticket.read(at_kiosk.mint, screen.screen_id, form.one("ticket"), at_kiosk.database.now().timestamp())
    if ticket is None or kind not in _KINDS or not is_id(event_id):
        return at_kiosk.start(_over())
    try:
        return _pressed(at_kiosk, keys, ticket, kind, event_id)
    except ProblemError as refusal:
        return at_kiosk.start(refusal)


def _pressed(at_kiosk: Kiosk, keys: SigningKeys, ticket: Ticket, kind: str, event_id: str) -> Response[Any]:
    screen, words, client = at_kiosk.stand.screen, at_kiosk.words, at_kiosk.request.client
    arrival = Arrival(mint=at_kiosk.mint, address=client.host if client else "", kiosk=screen.name, on_page=True)
    with at_kiosk.database.write(screen.organization_id) as t:
        lock_member(t, ticket.member_id)
        name, actor = _person(t, ticket.member_id)
        before = entering.offered(t, actor, screen.location_id).session
        body = AttendanceEvent(
            event_id=event_id,
            kind=_KINDS[kind],
            location_id=screen.location_id,
            evidence=Evidence(method="kiosk"),
            at=moment(t.now, at_kiosk.stand.zone),
        )
        operation = entering.entered(t, actor, body)
        result = keep(t, keys, actor, operation, arrival) if operation is not None else None
        now = t.now
    if result is not None and result.problem is not None:
        raise ProblemError(result.problem)
    return at_kiosk.page(
        "kiosk_result.html",
        now=now,
        title=_done(words, kind, name),
        before=before if operation is not None else None,
        kind=kind,
        local=now.astimezone(zone_of(at_kiosk.stand.zone)),
        minutes=_minutes(before, now) if operation is not None and kind == "check_out" else None,
        seconds=RESULT_SECONDS,
    )


_KINDS: dict[str, AttendanceKind] = {
    "check_in": "check_in",
    "check_out": "check_out",
    "break_start": "break_start",
    "break_end": "break_end",
}


def _person(t: Transaction, member_id: str) -> tuple[str, Actor]:
    row = t.first(t.select(member).where(member.c.member_id == member_id, member.c.active))
    if row is None:
        raise _over()
    return row.name, Actor(t.organization_id, row.member_id, row.role)


def _over() -> ProblemError:
    return problem(
        "ticket-over",
        403,
        "Too long ago",
        "Too much time passed since your PIN, so nothing was recorded. Enter number and PIN again.",
    )


def _minutes(before: Present | None, now: Any) -> int | None:
    return None if before is None else max(0, int((now - parse_utc(before.since)).total_seconds() // 60))


def _press(words: Words, kind: AttendanceKind) -> str:
    _ = words
    return {
        "check_in": _("Check in here"),
        "check_out": _("Check out"),
        "break_start": _("Begin a break"),
        "break_end": _("End the break"),
    }[kind]


def _done(words: Words, kind: str, name: str) -> str:
    _ = words
    return {
        "check_in": _("%(name)s, you are checked in.", name=name),
        "check_out": _("%(name)s, you are checked out.", name=name),
        "break_start": _("%(name)s, your break has begun.", name=name),
        "break_end": _("%(name)s, your break is over.", name=name),
    }[kind]


routes = [kiosk_page, recognise, press]
