"""What any operation's body must keep to, with a sentence for the person whose item does not."""

import re
import unicodedata
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, String, bindparam

from protocol.moment import Moment
from rules.clock import JudgedTime, judge, parse_utc
from rules.sentence import Sentence
from server.problems import ProblemError, problem
from server.storage.database import WHOEVER_ASKS, Transaction
from server.storage.tables import location

_MOST_MS = 2**53
_DAY_MINUTES = 24 * 60
_MAX_NAME = 200
_SHA256 = re.compile(r"[0-9a-f]{64}")


def refused(name: str, title: str, detail: str, field: str, limit: int | None = None) -> ProblemError:
    """A problem with one item; the others of the request go on."""
    return problem(name, 422, title, detail, field=field, limit=limit)


_PLACES = WHOEVER_ASKS.select(location).where(
    location.c.location_id.in_(bindparam("places", type_=String, expanding=True))
)


def is_id(text: str) -> bool:
    """Whether `text` is a UUID in its usual lower-case form."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def valid_sha256(text: str) -> bool:
    """Whether this is lower-case hex of 32 bytes."""
    return _SHA256.fullmatch(text) is not None


def check_id(text: str, field: str) -> None:
    """Raise unless `text` is an id."""
    if not is_id(text):
        raise refused(
            "bad-id", "Unreadable id", "An id of this item is not a UUID. Update the app and send again.", field
        )


def check_text(text: str, what: str, field: str, most: int) -> None:
    """Raise when `text` has over `most` characters, or the one character that cannot be kept."""
    if len(text) > most:
        detail = Sentence(
            "%(what)s has %(length)d characters; %(most)d is the most. Shorten it and send it again.",
            what=Sentence(what),
            length=len(text),
            most=most,
        )
        raise refused("too-long", "Too long", detail, field, most)
    if "\x00" in text:
        detail = Sentence(
            "%(what)s contains an invisible character that cannot be kept. Type it anew and send it again.",
            what=Sentence(what),
        )
        raise refused("bad-text", "Unreadable text", detail, field)


def check_name(text: str, what: str, field: str) -> None:
    """Raise unless `text` is one to 200 visible characters on one line."""
    check_text(text, what, field, _MAX_NAME)
    if not text.strip() or any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        detail = Sentence(
            "%(what)s is empty or has characters that cannot be shown. Give it a plain name and send it again.",
            what=Sentence(what),
        )
        raise refused("bad-name", "Unreadable name", detail, field)


def check_location(t: Transaction, location_id: str | None, field: str) -> None:
    """Raise when a location is named that the organization does not have; one no longer in use is fine."""
    if location_id is None:
        return
    check_id(location_id, field)
    if location_id not in location_names(t, [location_id]):
        detail = "This location is not known to your organization. Choose another place and send it again."
        raise refused("unknown-location", "Unknown location", detail, field)


def location_names(t: Transaction, ids: Iterable[str]) -> dict[str, str]:
    """The names of those of these locations that the organization has, by id."""
    return {location_id: row.name for location_id, row in location_rows(t, ids).items()}


def location_rows(t: Transaction, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """The rows of those of these locations that the organization has, by id; each is read once in a transaction."""
    known: dict[str, Row[Any]] = t.once("locations", dict)
    wanted = set(ids)
    if unread := wanted - known.keys():
        found = t.asked(_PLACES, places=unread)
        known.update((row.location_id, row) for row in found)
    return {place: known[place] for place in wanted & known.keys()}


def judged(moment: Moment, field: str) -> JudgedTime:
    """When it happened. Raises when the device's readings cannot be."""
    check_name(moment.zone, "The time zone's name", f"{field}.zone")
    check_name(moment.boot_id, "The name of the device's start", f"{field}.boot_id")
    if abs(moment.offset_minutes) >= _DAY_MINUTES:
        raise _unreadable_time(f"{field}.offset_minutes")
    for name in ("elapsed_ms", "confirmed_elapsed_ms", "skew_ms"):
        value = getattr(moment, name)
        if value is not None and abs(value) > _MOST_MS:
            raise _unreadable_time(f"{field}.{name}")
    try:
        parse_utc(moment.utc)  # shown beside the judged time, also where that does not come from it
        if moment.confirmed_utc is not None:
            parse_utc(moment.confirmed_utc)  # kept, also where nothing is judged by it
        return judge(moment)
    except ValueError:
        raise _unreadable_time(f"{field}.utc") from None


def _unreadable_time(field: str) -> ProblemError:
    detail = "The time that the device gave cannot be read. Set the device's clock and send it again."
    return refused("bad-time", "Unreadable time", detail, field)
