"""A member's own data: collected as one ZIP, deleted here, asked to be erased there; and the texts of the policy."""

import sqlite3
from typing import Any

import uuid6

from agent.api import AgentError
from agent.api.privacy import (
    AskErasure,
    DataRequest,
    DataRequests,
    OpenedPolicyText,
    PolicyTextItem,
    PolicyTextList,
)
from agent.runtime.workplace import Workplace
from agent.store import own_data
from agent.store.own_data import StoredAnswer, StoredRequest
from agent.store.work import fact, put_fact
from agent.sync.asking import LinkTrouble, RoundCancelledError
from agent.sync.errands import current, operator_of
from agent.transport import Cancellation
from protocol.discovery import ThirdParty
from protocol.privacy import PolicyTextSummary
from rules.clock import format_utc

_WISH = "Please erase everything that you keep about me."
_CLOSING = "The app is closing. Try again when it runs."
_RECEIVERS_TOLD = "receivers_told"
_RECEIVERS: Any = tuple[ThirdParty, ...] | None
_NOT_TOLD = "The server did not tell the latest; this is what was known here before."


def ask_erasure(workplace: Workplace, command: AskErasure) -> DataRequest:
    """Kept here until the server has it."""
    request_id, now = str(uuid6.uuid7()), format_utc(workplace.clock.now())
    wish = command.wish.strip() or _WISH
    workplace.store.write(lambda c: own_data.ask(c, request_id, wish, now)).result()
    workplace.made("privacy")
    return DataRequest(request_id=request_id, wish=wish, asked=now, state="asked", sent=False)


def list_requests(workplace: Workplace) -> DataRequests:
    """With the server's word, or as it is known here. Raises AgentError cannot_store."""
    trouble = ""
    try:
        if not workplace.errands.look_at_requests(Cancellation()):
            trouble = _NOT_TOLD
    except LinkTrouble as error:
        trouble = error.sentence
    except RoundCancelledError:
        raise AgentError("unavailable", _CLOSING) from None
    return DataRequests(items=tuple(map(_request, workplace.store.read(own_data.requests))), trouble=trouble)


def list_texts(workplace: Workplace, organization: str) -> PolicyTextList:
    """From the server, or as they were last fetched. Raises AgentError cannot_store."""
    trouble = ""
    try:
        if not workplace.errands.look_at_texts(Cancellation()):
            trouble = _NOT_TOLD
    except LinkTrouble as error:
        trouble = error.sentence
    except RoundCancelledError:
        raise AgentError("unavailable", _CLOSING) from None

    def look(connection: sqlite3.Connection) -> PolicyTextList:
        operator = operator_of(connection)
        return PolicyTextList(
            items=_items(workplace, connection),
            organization=organization,
            operator=operator.name,
            address=operator.address,
            contact=operator.contact,
            trouble=trouble,
        )

    return workplace.store.read(look)


def open_text(workplace: Workplace, version: int) -> OpenedPolicyText:
    """From this computer if it was opened before, since a version never changes. Raises AgentError."""
    text = workplace.store.read(lambda c: own_data.text(c, version))
    if text is None:
        try:
            fetched = workplace.errands.fetch_text(version, Cancellation())
        except LinkTrouble as error:
            raise AgentError("unavailable", error.sentence) from None
        except RoundCancelledError:
            raise AgentError("unavailable", _CLOSING) from None
        if fetched is None:
            raise AgentError(
                "not_found", "The server does not give this version of the privacy policy. Try again later."
            )
        text = fetched.text
    tell(workplace, version)
    item = next(one for one in workplace.store.read(lambda c: _items(workplace, c)) if one.version == version)
    return OpenedPolicyText(item=item, text=text)


def tell(workplace: Workplace, version: int) -> None:
    """The person read this version, or put its banner away."""
    if workplace.store.write(lambda c: own_data.tell(c, version)).result():
        workplace.changed()


def notice(workplace: Workplace) -> PolicyTextItem | None:
    """The version to tell of: what holds now before what will, and nothing that was replaced already."""

    def look(connection: sqlite3.Connection) -> PolicyTextItem | None:
        waiting = own_data.untold(connection)
        if not waiting:
            return None
        holds = current(connection, format_utc(workplace.clock.now()))
        due = next((one for one in waiting if one.version >= (holds or 0)), None)
        return None if due is None else _item(due, holds, own_data.answers(connection))

    return workplace.store.read(look)


def accept_text(workplace: Workplace, version: int) -> None:
    """Noted here, and told to the server when it can be reached. Raises AgentError not_found."""
    if version not in {one.version for one in workplace.store.read(own_data.texts)}:
        raise AgentError("not_found", "This version of the privacy policy is not known here. Open the list again.")
    now = format_utc(workplace.clock.now())
    workplace.store.write(lambda c: own_data.answer(c, version, "accepted", now, sent=False)).result()
    workplace.made("privacy")


def tell_receivers(workplace: Workplace, named: tuple[ThirdParty, ...] | None) -> None:
    """The person put away the banner about those that log data would be passed on to."""
    workplace.store.write(lambda c: put_fact(c, _RECEIVERS_TOLD, named)).result()
    workplace.changed()


def receivers_told(workplace: Workplace) -> tuple[ThirdParty, ...] | None:
    """Those that the person was told of last, None before."""
    return workplace.store.read(lambda c: fact(c, _RECEIVERS_TOLD, _RECEIVERS))


def _items(workplace: Workplace, connection: sqlite3.Connection) -> tuple[PolicyTextItem, ...]:
    holds = current(connection, format_utc(workplace.clock.now()))
    answers = own_data.answers(connection)
    return tuple(_item(one, holds, answers) for one in own_data.texts(connection))


def _item(summary: PolicyTextSummary, holds: int | None, answers: list[StoredAnswer]) -> PolicyTextItem:
    said = {one.how for one in answers if one.version == summary.version}
    return PolicyTextItem(
        version=summary.version,
        title=summary.title,
        published=summary.published,
        effective=summary.effective,
        changes=summary.changes,
        current=summary.version == holds,
        answer="accepted" if "accepted" in said else "continued_use" if "continued_use" in said else "none",
    )


def _request(one: StoredRequest) -> DataRequest:
    view = one.view
    if view is None:
        state = "refused" if one.refused else "asked"
        return DataRequest(
            request_id=one.request_id,
            wish=one.wish,
            asked=one.asked,
            state=state,  # type: ignore[arg-type] # both are states
            sent=one.sent,
            reason=one.refused,
        )
    return DataRequest(
        request_id=one.request_id,
        wish=view.wish,
        asked=view.asked,
        state=view.state,
        sent=True,
        until=view.until,
        reason=view.reason,
    )
