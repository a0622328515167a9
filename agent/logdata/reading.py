"""The ledger and the choices of one account as the Privacy centre reads them; each list comes in pages."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, TypeVar, get_args

import msgspec

from agent.accounts.account import Account
from agent.api import CategoryView
from agent.api.privacy import (
    Catalog,
    CatalogEvent,
    CatalogField,
    ChoiceView,
    ErasureItem,
    LedgerEntry,
    LedgerItem,
    LedgerPage,
    Losses,
    LossItem,
    RecordItem,
    WaitingRecords,
)
from agent.errors import AgentError
from rules.clock import format_utc
from rules.sentence import Sentence, plain
from telemetry import consent, erasing, ledger, tally
from telemetry.account_log import AccountLog, LogState
from telemetry.catalog import EVENTS, Category, Declaration
from telemetry.database import StoreError
from telemetry.writer import ClosedError

if TYPE_CHECKING:
    from telemetry.decoding import Decoded

T = TypeVar("T")
WAIT_SECONDS = 10.0
MAX_PAGE = 500

_WHY_LOST = {
    "count": "Too many waited on this computer; the oldest were dropped.",
    "size": "What waited on this computer took too much room; the oldest were dropped.",
    "age": "They waited too long on this computer and were dropped.",
    "backlog": "They came faster than this computer could write them.",
    "storage": "This computer's disk did not take them.",
    "refused": "The server could not read them. They were put aside and are not sent again.",
    "too_large": "They were too large for the server.",
    "rejected": "The server did not keep them and named no reason.",
    "not_allowed": "The organization does not allow this kind of log data, so the server did not keep them.",
    "unknown_to_server": "The server's list of events does not have them, so it did not keep them.",
    "erased": "They belong to what was erased, so the server did not keep them again.",
    "malformed": "The server found them malformed and did not keep them.",
}
_OTHERS = (
    "Since you allowed this, your organization began to pass it on to others, or to pass on more. It is off until you "
    "allow it again."
)
_WHY_PURGED = "You withdrew or removed them; they were deleted here and not sent."
_WHY_PAUSED = {
    "": "",
    "server": "The server could not be reached or asked to wait. It is tried again by itself; nothing is lost.",
    "thrift": "It waits for up to an hour, because the network costs or this computer runs on its battery. Errors do "
    "not wait for that.",
}
_WHY_WITHHELD = {
    "off": "Not recorded, because this kind of log data is off. Counted since the app started.",
    "undeclared": "Not recorded, because the catalog does not have such an event. Counted since the app started.",
    "expired": "Not recorded, because the event's time in the catalog is over. Counted since the app started.",
    "wrong_fields": "Not recorded, because a field was not as the catalog declares it. Counted since the app started.",
}


def settled(future: "Future[T]") -> T:
    """What a log answers, within a time. Raises AgentError cannot_store, unavailable."""
    try:
        return future.result(WAIT_SECONDS)
    except StoreError as error:
        raise AgentError("cannot_store", error.sentence) from error
    except (ClosedError, TimeoutError) as error:
        raise AgentError("unavailable", "Log data cannot be looked up right now. Try again.") from error


def catalog() -> Catalog:
    """Every event that may ever be recorded."""
    order = get_args(Category)
    events = sorted(EVENTS.values(), key=lambda one: (order.index(one.category), one.name))
    return Catalog(events=tuple(map(_event, events)))


def choices(log: AccountLog, account: Account | None = None) -> tuple[ChoiceView, ...]:
    """The categories of log data as choices; `account` knows whom the server passes some of it on to."""
    if not log.state.loaded:
        try:
            settled(log.load())
        except AgentError as error:
            if error.kind != "cannot_store":  # that one the state names as the trouble, which is shown as the reason
                raise
    listed = catalog().events
    found = (_choice(category, log.state, listed) for category in consent.CATEGORIES)
    return tuple(_with_receivers(one, account, log.state) if one.category == "third_party" else one for one in found)


def categories(log: AccountLog, account: Account | None = None) -> tuple[CategoryView, ...]:
    """The same in short."""
    return tuple(
        CategoryView(
            category=one.category,
            state=one.state,
            effective=one.effective,
            reason=one.locked or one.trouble,
            purpose=one.purpose,
            events=tuple(event.name for event in one.events),
            queued=one.queued,
            sent=one.sent,
            last_sent=one.last_sent,
        )
        for one in choices(log, account)
    )


def waiting(log: AccountLog, after: str | None, limit: int) -> WaitingRecords:
    """One page of what is next to send. Raises AgentError."""
    from telemetry import decoding  # protobuf

    size = _page_size(limit)
    rows = settled(log.waiting_page(_number(after), size + 1))
    due_ms, pause = settled(log.pause())
    items = tuple(_record(decoding.record(row.body), row.seq) for row in rows[:size])
    total, total_bytes = log.state.queued()
    return WaitingRecords(
        items=items,
        total=total,
        total_bytes=total_bytes,
        next=str(items[-1].seq) if len(rows) > size else None,
        due=_time(due_ms),
        paused=log.state.trouble or _WHY_PAUSED[pause],
    )


def ledger_page(log: AccountLog, after: str | None, limit: int) -> LedgerPage:
    """One page of what left or may have, newest first. Raises AgentError."""
    size = _page_size(limit)
    nothing: tuple[list[ledger.LeftRow], int] = ([], 0)
    rows, total = settled(
        log.look(lambda c: (ledger.left_page(c, after, size + 1), ledger.left_count(c)), nothing),
    )
    items = tuple(map(_ledger_item, rows[:size]))
    return LedgerPage(items=items, total=total, next=items[-1].batch_id if len(rows) > size else None)


def ledger_entry(log: AccountLog, batch_id: str) -> LedgerEntry:
    """One batch, decoded from the bytes that left. Raises AgentError, also not_found."""
    from telemetry import decoding

    found = settled(log.look(lambda c: ledger.left_batch(c, batch_id), None))
    if found is None:
        raise AgentError("not_found", "This entry is not in the ledger any more; it was too old to be kept.")
    decoded = decoding.batch(found.body) if found.body is not None else ()
    return LedgerEntry(
        item=_ledger_item(found),
        host=found.host,
        installation_id=found.installation_id,
        sha256=found.sha256,
        records=tuple(_record(one, one.seq) for one in decoded),
        reply=decoding.reply_text(found.status, found.reply),
        verdicts=dict(found.verdicts),
        erased=_time(found.erased_ms),
    )


def losses(log: AccountLog) -> Losses:
    """What was lost or withheld, and how the account stands. Raises AgentError."""
    nothing: list[ledger.TallyRow] = []
    rows = settled(log.look(ledger.tallies, nothing))
    with_reason = [(row, _loss_reason(row.what)) for row in rows]
    items = [
        LossItem(category=row.category, reason=reason, count=row.count, bytes=row.size, explanation=_why(reason))
        for row, reason in with_reason
        if reason
    ]
    withheld = log.withheld_counts()
    items += [
        LossItem(category=None, reason=reason, count=count, bytes=0, explanation=_WHY_WITHHELD[reason])
        for reason, count in sorted(withheld.items())
    ]
    return Losses(
        items=tuple(items),
        recorded=sum(row.count for row in rows if row.what == "recorded"),
        accepted=sum(row.count for row in rows if row.what == "accepted"),
        queued=log.state.queued()[0],
        withheld=sum(withheld.values()),
    )


def erasures(log: AccountLog) -> tuple[ErasureItem, ...]:
    """Every erasure that was asked for, newest first. Raises AgentError."""
    nothing: list[erasing.Asked] = []
    return tuple(map(_erasure, settled(log.look(erasing.listed, nothing))))


def receipt(log: AccountLog, erasure_id: str, number: int) -> bytes:
    """One signed statement of an erasure as it came. Raises AgentError not_found, and as `erasures`."""
    for one in erasures(log):
        if one.erasure_id == erasure_id and 0 <= number < len(one.receipts):
            return one.receipts[number].encode()
    raise AgentError("not_found", "This receipt is not here any more. Open the list of erasures again.")


def remove(log: AccountLog, seq: int) -> None:
    """Take one record out of what is next to send. Raises AgentError."""
    try:
        settled(log.remove(seq))
    except ledger.GoneError:
        raise AgentError("refused", "This record is not here any more: it was sent, or removed before.") from None
    except ledger.UnderWayError:
        raise AgentError("refused", "This record is on its way right now, so it cannot be taken back.") from None


def write_ledger(log: AccountLog, file: IO[bytes]) -> None:
    """What waits, what left and what was lost, as one JSON object; a page at a time, whatever there is."""
    file.write(b'{"next_to_send": [')
    _write_all(file.write, _all_waiting(log))
    file.write(b'],\n"sent": [')
    _write_all(file.write, _all_left(log))
    file.write(b'],\n"lost_or_withheld": ' + msgspec.json.encode(losses(log), enc_hook=plain) + b"}\n")


def _write_all(write: Callable[[bytes], object], items: Iterable[msgspec.Struct]) -> None:
    for number, item in enumerate(items):
        write(b",\n" if number else b"\n")
        write(msgspec.json.encode(item, enc_hook=plain))


def _all_waiting(log: AccountLog) -> Iterator[RecordItem]:
    after: str | None = None
    while True:
        page = waiting(log, after, MAX_PAGE)
        yield from page.items
        if (after := page.next) is None:
            return


def _all_left(log: AccountLog) -> Iterator[LedgerEntry]:
    after: str | None = None
    while True:
        page = ledger_page(log, after, MAX_PAGE)
        for item in page.items:
            yield ledger_entry(log, item.batch_id)
        if (after := page.next) is None:
            return


def _choice(category: Category, state: LogState, listed: tuple[CatalogEvent, ...]) -> ChoiceView:
    choice, account = state.choices.get(category, consent.Choice()), state.accounts.get(category, tally.Account())
    events = tuple(one for one in listed if one.category == category)
    return ChoiceView(
        category=category,
        state=choice.state,
        effective=category in state.on,
        locked=consent.effect(category, choice.state, state.conditions).reason,
        trouble=_trouble(state, choice),
        purpose=consent.PURPOSES[category],
        events=events,
        kept_days=max((one.retention_days for one in events), default=0),
        queued=account.queued,
        sent=account.accepted,
        last_sent=_time(state.last_sent.get(category)),
    )


def _with_receivers(one: ChoiceView, account: Account | None, state: LogState) -> ChoiceView:
    """Whom it is passed on to. A grant that was for others counts as no choice, and it says why."""
    named = (account.third_parties if account is not None else None) or ()
    outgrown = state.conditions.outside == "more" and one.state == "granted"
    if not outgrown or account is None:
        return msgspec.structs.replace(one, third_parties=named)
    chosen = account.third_parties_chosen
    return msgspec.structs.replace(
        one,
        state="unknown",
        trouble=one.trouble or _OTHERS,
        third_parties=named,
        third_parties_new=tuple(party.name for party in named if party not in chosen),
    )


def _trouble(state: LogState, choice: consent.Choice) -> str:
    if state.trouble or state.set_aside is None or choice.state != "unknown":
        return state.trouble
    return Sentence(
        "Off because the file with your choice was damaged. It was put aside as %(name)s, and a new "
        "one was begun. Choose again.",
        name=state.set_aside.name,
    )


def _event(one: Declaration) -> CatalogEvent:
    return CatalogEvent(
        name=one.name,
        version=one.version,
        category=one.category,
        purpose=one.purpose,
        retention_days=one.retention_days,
        expires=one.expires.isoformat(),
        fields=tuple(
            CatalogField(
                name=field.name, kind=field.kind, values=field.choices, limit=field.limit, rounded=field.bucket
            )
            for field in one.fields
        ),
    )


def _record(one: "Decoded", seq: int) -> RecordItem:
    category = one.envelope.get("consent.category", "diagnostics")
    return RecordItem(
        seq=seq,
        name=one.name,
        category=category,  # type: ignore[arg-type] # written by the catalog, which has no other
        at=_time(one.time_ns // 1_000_000) or "",
        size=one.size,
        fields=one.fields,
        envelope=one.envelope,
    )


def _ledger_item(row: ledger.LeftRow) -> LedgerItem:
    return LedgerItem(
        batch_id=row.batch_id,
        category=row.category,
        state=row.state,  # type: ignore[arg-type] # the states of a batch that left
        records=row.records,
        accepted=row.accepted,
        size=row.size,
        at=_time(row.ended_ms),
        status=row.status,
        cleared=row.cleared,
    )


def _erasure(one: erasing.Asked) -> ErasureItem:
    relayed: dict[str, int] = {}
    for word in one.words:
        for to, count in word.relayed.items():
            relayed[to] = relayed.get(to, 0) + count
    return ErasureItem(
        erasure_id=one.erasure_id,
        asked=_time(one.asked_ms) or "",
        categories=one.categories,
        state="waiting" if one.done_ms is None else "done",
        trouble=one.trouble,
        erased=sum(word.erased for word in one.words),
        relayed=relayed,
        done=_time(one.done_ms),
        receipts=tuple(word.statement.decode() for word in one.words),
    )


def _loss_reason(what: str) -> str:
    return what.removeprefix("lost:") if what.startswith("lost:") else "purged" if what == "purged" else ""


def _why(reason: str) -> str:
    return _WHY_PURGED if reason == "purged" else _WHY_LOST.get(reason, "")


def _page_size(limit: int) -> int:
    return min(max(limit, 1), MAX_PAGE)


def _number(after: str | None) -> int:
    try:
        return int(after) if after is not None else 0
    except ValueError:
        raise AgentError("usage", "This is not a position in the list. Start from the top.") from None


def _time(at_ms: int | None) -> str | None:
    return None if at_ms is None else format_utc(datetime.fromtimestamp(at_ms / 1000, UTC))
