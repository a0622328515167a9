"""A member asks the organization to erase what it holds of them; an admin answers, and the server signs the answer."""

import logging
from datetime import date
from typing import Any, Literal

import msgspec
from sqlalchemy import Row, Select, func

from protocol.privacy import ErasureAnswerPayload, ErasureAsked, ErasureRequests, ErasureRequestView
from protocol.statements import ERASURE_ANSWER, SignedStatement
from server import access
from server.accounts.rights import not_found, require_admin
from server.bounds import check_id, check_text, is_id, refused
from server.media import leftovers
from server.media.taking import Stores
from server.member_data.erasing import COVERS, OF_FILES, erase_rows
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Transaction
from server.storage.privacy_tables import erasure_request
from server.storage.tables import member
from server.storage.trouble import trouble

MAX_WORDS = 2000
"""Characters of a wish or a reason."""
MOST_OPEN = 20
"""Requests of one member that wait for an answer."""
_PURPOSE = "privacy"

_log = logging.getLogger(__name__)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`until` (YYYY-MM-DD) and `reason` belong to kept, `reason` to refused; with done a reason may say more."""

    state: Literal["done", "kept", "refused"]
    until: str | None = None
    reason: str = ""


class RequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """A request as admins see it."""

    request: ErasureRequestView
    member_id: str
    member: str


def ask(t: Transaction, actor: Actor, asked: ErasureAsked) -> ErasureRequestView:
    """Keep a request of the actor's own; the same id again is the same request. Raises ProblemError: an id of somebody
    else's, no words or too many, too many requests."""
    check_id(asked.request_id, "$.request_id")
    check_text(asked.wish, "The request", "$.wish", MAX_WORDS)
    if not asked.wish.strip():
        raise refused("field-empty", "Something is missing", "Say what is to be erased, in your words.", "$.wish")
    found = _find(t, asked.request_id)
    if found is not None:
        if found.member_id != actor.member_id:
            raise refused("bad-id", "Id already in use", "Ask again; this id is in use.", "$.request_id")
        return found.request
    waiting = [one for one in own(t, actor).requests if one.state == "asked"]
    if len(waiting) >= MOST_OPEN:
        detail = "So many of your requests wait for an answer already. Wait for one, or talk to an admin."
        raise problem("too-many-requests", 409, "Too many requests", detail, limit=MOST_OPEN)
    t.insert(
        erasure_request,
        request_id=asked.request_id,
        member_id=actor.member_id,
        wish=asked.wish.strip(),
        asked=t.now_text,
        state="asked",
        reason="",
    )
    _record(t, actor, "ask to erase", asked.request_id, actor.member_id)
    return _known(t, asked.request_id).request


def own(t: Transaction, actor: Actor) -> ErasureRequests:
    """The actor's own, newest first."""
    rows = t.select(erasure_request).where(erasure_request.c.member_id == actor.member_id)
    return ErasureRequests(requests=tuple(_view(row) for row in t.all(rows.order_by(erasure_request.c.asked.desc()))))


def listed(t: Transaction, actor: Actor) -> tuple[RequestLine, ...]:
    """Every request of the organization for its admins: those that wait first, then the newest."""
    require_admin(t, actor)
    lines = [_line(row) for row in t.all(_with_member(t).order_by(erasure_request.c.asked.desc()))]
    return tuple(sorted(lines, key=lambda line: line.request.state != "asked"))


def waiting(t: Transaction) -> int:
    """How many of the organization's wait for an answer."""
    asked = t.select(erasure_request, func.count()).where(erasure_request.c.state == "asked")
    return int(t.scalar(asked) or 0)


def no_answer() -> ProblemError:
    """For a form that says neither done nor kept nor refused."""
    detail = "Choose one of the answers; nothing was done."
    return problem("field-empty", 400, "Something is missing", detail, field="state")


def find(t: Transaction, actor: Actor, request_id: str) -> RequestLine:
    """One request, for an admin. Raises a 404 problem."""
    require_admin(t, actor)
    return _known(t, request_id)


def answer(stores: Stores, actor: Actor, request_id: str, given: Answer) -> ErasureRequestView:
    """An admin's answer, signed. *done* erases what COVERS says in the same transaction, and the files once that holds;
    *kept* may be answered again later, *done* and *refused* are final. Raises ProblemError and leaves everything as it
    was."""
    with stores.database.write(actor.organization_id) as t:
        require_admin(t, actor)
        line = _locked(t, request_id)
        _check(t, line, given)
        left = erase_rows(t, line.member_id, actor) if given.state == "done" else None
        view = _sign(t, stores.keys, actor, line, given)
    if left is not None:
        _remove_files(stores, actor, left)
    return view


def _remove_files(stores: Stores, actor: Actor, left: str) -> None:
    """The answer holds whatever happens here."""
    try:
        leftovers.remove(stores.database, stores.objects, actor.organization_id, left)
    except Exception as error:
        if trouble(error) is None:
            raise
        _log.exception("the files of an erased member could not be removed yet; housekeeping tries again")


def _sign(t: Transaction, keys: SigningKeys, actor: Actor, line: RequestLine, given: Answer) -> ErasureRequestView:
    said = (COVERS, OF_FILES) if given.state == "done" else ()
    reason = " ".join((*said, given.reason.strip())).strip()
    payload = ErasureAnswerPayload(
        organization_id=t.organization_id,
        member_id=line.member_id,
        request_id=line.request.request_id,
        asked=line.request.asked,
        state=given.state,
        until=given.until,
        reason=reason,
        issued=t.now_text,
    )
    statement = keys.sign(ERASURE_ANSWER, msgspec.json.encode(payload))
    t.execute(
        t.update(erasure_request)
        .where(erasure_request.c.request_id == line.request.request_id)
        .values(
            state=given.state,
            until=given.until,
            reason=reason,
            answered=t.now_text,
            answered_by=actor.member_id,
            statement=msgspec.json.encode(statement).decode(),
        )
    )
    _record(t, actor, f"answer {given.state}", line.request.request_id, line.member_id)
    return _known(t, line.request.request_id).request


def _check(t: Transaction, line: RequestLine, given: Answer) -> None:
    if line.request.state in {"done", "refused"}:
        detail = "This request was answered meanwhile, and that answer is signed. Look at it again."
        raise problem("already-answered", 409, "Already answered", detail)
    check_text(given.reason, "The reason", "reason", MAX_WORDS)
    if given.state != "done" and not given.reason.strip():
        detail = "Say why; the person reads it with the answer."
        raise problem("field-empty", 400, "Something is missing", detail, field="reason")
    if given.state == "kept" and not _is_day_after(given.until, t.now.date()):
        detail = "Say until which day it is kept, a day after today."
        raise problem("bad-date", 400, "Which day?", detail, field="until")
    if given.state != "kept" and given.until is not None:
        raise problem("bad-date", 400, "Which day?", "Only what is kept has a last day. Leave it out.", field="until")


def _is_day_after(text: str | None, today: date) -> bool:
    try:
        return text is not None and date.fromisoformat(text).isoformat() == text and text > today.isoformat()
    except ValueError:
        return False


def _with_member(t: Transaction) -> Select[Any]:
    joined = t.select(erasure_request, *erasure_request.c, member.c.name.label("member"))
    return joined.join(member, member.c.member_id == erasure_request.c.member_id).where(t.owns(member))


def _find(t: Transaction, request_id: str) -> RequestLine | None:
    row = t.first(_with_member(t).where(erasure_request.c.request_id == request_id)) if is_id(request_id) else None
    return None if row is None else _line(row)


def _known(t: Transaction, request_id: str) -> RequestLine:
    found = _find(t, request_id)
    if found is None:
        raise not_found("request")
    return found


def _locked(t: Transaction, request_id: str) -> RequestLine:
    """Held, so that of two answers at one moment the second finds the first."""
    if is_id(request_id):
        t.first(t.select(erasure_request).where(erasure_request.c.request_id == request_id).with_for_update())
    return _known(t, request_id)


def _line(row: Row[Any]) -> RequestLine:
    return RequestLine(request=_view(row), member_id=row.member_id, member=row.member)


def _view(row: Row[Any]) -> ErasureRequestView:
    statement = None if row.statement is None else msgspec.json.decode(row.statement, type=SignedStatement)
    return ErasureRequestView(
        request_id=row.request_id,
        wish=row.wish,
        asked=row.asked,
        state=row.state,
        until=row.until,
        reason=row.reason,
        answered=row.answered,
        statement=statement,
    )


def _record(t: Transaction, actor: Actor, action: str, request_id: str, member_id: str) -> None:
    access.record(t, actor, action, "erasure_request", request_id, subject_id=member_id, purpose=_PURPOSE)
