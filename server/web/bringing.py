"""What a check-in in the browser brings along, on every page that has the form: photos, and where the device is."""

import math
from typing import Any

import msgspec

from protocol.operations import ManifestEntry, Position
from rules.media.names import safe_shown
from rules.sentence import Sentence
from server.accounts.rights import not_found
from server.attendance.photos import MOST
from server.bounds import is_id
from server.media.taking import Stores, entries, take
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.storage.database import Transaction
from server.turns import Turns
from server.web.posted import Posted, PostedFile, read_posted
from server.web.session import Form, WebRequest, check_token
from server.web.visit import Visit

MOST_POSTED = 100 * 1024 * 1024
"""Of a form with its photos."""
_MOST_TEXT = 64 * 1024
_turns = Turns(
    2, Sentence("Another form of yours is still on its way. Wait until it has come, then press again."), in_all=50
)


class PhotoLine(msgspec.Struct, frozen=True):
    """A photo that is here and goes along."""

    media_id: str
    name: str


async def read_pressed(request: WebRequest, visit: Visit) -> Posted:
    """The form with its photos; close it when done. Raises a problem when none of our pages showed it."""
    with _turns.take(visit.actor.member_id):
        token = visit.session.csrf
        posted = await read_posted(request, token=token, most_text=_MOST_TEXT, most_file=MOST_POSTED)
    try:
        check_token(visit.session, posted.form)
    except ProblemError:
        posted.close()
        raise
    return posted


def kept_photos(form: Form) -> tuple[str, ...]:
    """The photos that came with an earlier sending of the form and are still ticked."""
    return tuple(dict.fromkeys(one for one in form.all("photo") if is_id(one)))[: MOST + 1]


def take_photos(visit: Visit, stores: Stores, event_id: str, posted: Posted) -> tuple[tuple[str, ...], Any]:
    """(the photos that are here now, the first refusal or None): what is good stays, whatever is wrong with others."""
    if not is_id(event_id):
        raise not_found("form")
    photos, refusal = kept_photos(posted.form), None
    chosen = [one for one in posted.files if one.field == "photos"]
    if len(photos) + len(chosen) > MOST:
        return photos[:MOST], _too_many()
    for one in chosen:
        try:
            photos = (*photos, _taken(visit, stores, event_id, one))
        except ProblemError as error:
            refusal = refusal or error
    return tuple(dict.fromkeys(photos)), refusal


def photo_entries(t: Transaction, visit: Visit, photos: tuple[str, ...]) -> tuple[ManifestEntry, ...]:
    """As an event announces them. Raises a problem when one is not here any more, or is no picture."""
    found = tuple(entries(t, visit.actor, photos))
    if len(found) < len(photos) or any(not one.content_type.startswith("image/") for one in found):
        raise _no_photo(Sentence("A photo of this form is not here any more. Choose it again, or press without it."))
    return found


def photo_lines(t: Transaction, visit: Visit, photos: tuple[str, ...]) -> list[PhotoLine]:
    """To show which ones go along."""
    return [PhotoLine(one.media_id, one.name) for one in entries(t, visit.actor, photos)]


def told_position(form: Form) -> Position | None:
    """Where the device said it is, when the person pressed for it. What cannot be read is like a device that does not
    say: nothing about a position stands in the way of a check-in."""
    try:
        latitude, longitude, accuracy = (float(form.one(name)) for name in ("latitude", "longitude", "accuracy"))
    except ValueError:
        return None
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= accuracy <= 4e7
    if not on_earth or not math.isfinite(latitude + longitude + accuracy):
        return None
    return Position(latitude=latitude, longitude=longitude, accuracy_m=accuracy, source="browser")


def _taken(visit: Visit, stores: Stores, event_id: str, one: PostedFile) -> str:
    with visit.read() as t:
        most = min(MOST_POSTED, policy_payload(t).max_media_bytes)
    shown = safe_shown(one.name)
    if one.too_large or one.size > most:
        detail = Sentence(
            "“%(name)s” is larger than %(most)d MB, so nothing was recorded yet. Choose a smaller photo, or press "
            "without it.",
            name=shown,
            most=most // 1_000_000,
        )
        raise _no_photo(detail)
    media_id = take(stores, visit.actor, event_id, one.name, one.content, keep=False)
    with visit.read() as t:
        photo_is_picture = [entry.content_type.startswith("image/") for entry in entries(t, visit.actor, [media_id])]
    if photo_is_picture != [True]:
        detail = Sentence(
            "“%(name)s” is no picture, so nothing was recorded yet. Choose a photo, or press without it.", name=shown
        )
        raise _no_photo(detail)
    return media_id


def _too_many() -> ProblemError:
    detail = Sentence(
        "A check-in takes %(most)d photos at most, so nothing was recorded yet. Choose fewer, and write a report for "
        "the others.",
        most=MOST,
    )
    return _no_photo(detail)


def _no_photo(detail: str) -> ProblemError:
    return problem("photo-not-taken", 422, "Photo not taken", detail, field="photos")
