"""`miratag privacy`: log data on its way, what left, what did not, and its erasure."""

import argparse
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from agent.api import (
    AgentError,
    ClearLedger,
    EraseSent,
    ErasureItem,
    Erasures,
    ExportLedger,
    LedgerEntry,
    LedgerItem,
    ListErasures,
    ListLedger,
    ListLosses,
    ListWaitingRecords,
    Losses,
    OpenLedgerEntry,
    RecordItem,
    RemoveRecord,
    SendLogDataNow,
    SentNow,
    Written,
)
from desktop.command_line import output
from desktop.command_line.conversation import ANSWER_SECONDS, Conversation
from rules.sentence import plain

PAGE = 500
_STATES = {"sent": "received", "may_have_arrived": "may have arrived", "refused": "refused"}


def waiting(asked: Conversation, arguments: argparse.Namespace) -> int:
    """What is next to send, oldest first."""
    account = asked.account()
    items, first = _pages(
        asked, arguments.limit, lambda after, n: ListWaitingRecords(account=account, after=after, limit=n)
    )
    lines = [f"{first.total} waiting, {first.total_bytes} bytes.{f' Leaves at {first.due}.' if first.due else ''}"]
    if first.paused:
        lines.append(first.paused)
    lines += [line for one in items for line in _record_lines(one)]
    if len(items) < first.total:
        lines.append(f"The first {len(items)} are shown; --limit shows more.")
    document = {
        "total": first.total,
        "total_bytes": first.total_bytes,
        "due": first.due,
        "paused": first.paused or None,
        "records": msgspec.to_builtins(items, enc_hook=plain),
    }
    output.answer(document, lines, as_json=arguments.json)
    return output.DONE


def remove(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Take one record out."""
    asked.keep(RemoveRecord(account=asked.account(), seq=arguments.seq))
    output.answer({"removed": arguments.seq}, ["Removed. It is never sent."], as_json=arguments.json)
    return output.DONE


def send(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Send what waits; exit code 1 while some of it still does. What was recorded meanwhile is no part of it."""
    account = asked.account()
    before = asked.look(ListWaitingRecords(account=account, limit=1)).total
    sent: SentNow = asked.do(SendLogDataNow(account=account), ANSWER_SECONDS)
    left = asked.look(ListWaitingRecords(account=account, limit=1)).total
    document = {"batches": sent.batches, "records": sent.records, "waiting": left}
    output.answer(document, [sent.sentence], as_json=arguments.json)
    return output.FAILED if left and sent.records < before else output.DONE


def ledger(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Every batch, newest first."""
    account = asked.account()
    items, first = _pages(asked, arguments.limit, lambda after, n: ListLedger(account=account, after=after, limit=n))
    lines = [_batch_line(one) for one in items] or ["Nothing was sent yet."]
    if len(items) < first.total:
        lines.append(f"The newest {len(items)} of {first.total} are shown; --limit shows more.")
    document = {"total": first.total, "batches": msgspec.to_builtins(items, enc_hook=plain)}
    output.answer(document, lines, as_json=arguments.json)
    return output.DONE


def show(asked: Conversation, arguments: argparse.Namespace) -> int:
    """One batch in full."""
    entry: LedgerEntry = asked.look(OpenLedgerEntry(account=asked.account(), batch_id=arguments.batch))
    lines = [
        _batch_line(entry.item),
        f"Sent to {entry.host} as installation {entry.installation_id}.",
        f"SHA-256 of the bytes that left: {entry.sha256}",
        f"Answer: {entry.item.status if entry.item.status is not None else 'none came'} {entry.reply}".rstrip(),
        *(f"Not kept: {count}, {reason}." for reason, count in entry.verdicts.items()),
    ]
    if entry.erased:
        lines.append(f"Erased by the server, {entry.erased}.")
    if entry.item.cleared:
        lines.append("This computer's copy was cleared, so what it said cannot be shown any more.")
    lines += [line for one in entry.records for line in _record_lines(one)]
    output.answer(msgspec.to_builtins(entry, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def losses(asked: Conversation, arguments: argparse.Namespace) -> int:
    """What was lost or withheld, as a sum."""
    found: Losses = asked.look(ListLosses(account=asked.account()))
    lines = [f"Recorded {found.recorded}, of them {found.accepted} arrived and {found.queued} wait here."]
    for one in found.items:
        of = f" ({one.category})" if one.category else ""
        lines.append(f"  {one.count} {one.reason}{of}: {one.explanation}")
    if not found.items:
        lines.append("Nothing was lost or withheld.")
    output.answer(msgspec.to_builtins(found, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def export(asked: Conversation, arguments: argparse.Namespace) -> int:
    """One JSON file of all of it."""
    path = str(Path(arguments.file).absolute())  # the agent that writes it may run in another folder
    written: Written = asked.keep(ExportLedger(account=asked.account(), path=path), ANSWER_SECONDS * 10)
    document = {"path": written.path, "size": written.size}
    output.answer(document, [f"Saved in {written.path}, {written.size} bytes."], as_json=arguments.json)
    return output.DONE


def clear(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Delete this computer's copy of what was sent."""
    asked.do(ClearLedger(account=asked.account()))
    words = "This computer's copy of what was sent is deleted. What the server has is not: miratag privacy erase"
    output.answer({"cleared": True}, [words], as_json=arguments.json)
    return output.DONE


def erase(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Ask the server to erase what was sent."""
    command = EraseSent(account=asked.account(), categories=tuple(arguments.categories))
    item: ErasureItem = asked.keep(command)
    lines = ["Asked, and tried until the signed receipt is here, also after a restart. See: miratag privacy erasures"]
    output.answer(msgspec.to_builtins(item, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def erasures(asked: Conversation, arguments: argparse.Namespace) -> int:
    """How far each is; the receipts as files where that was asked for."""
    found: Erasures = asked.look(ListErasures(account=asked.account()))
    lines = [line for one in found.items for line in _erasure_lines(one)] or ["No erasure was asked for yet."]
    saved = _save_receipts(found, Path(arguments.save)) if arguments.save else []
    lines += [f"Saved: {path}" for path in saved]
    document = {"erasures": msgspec.to_builtins(found.items, enc_hook=plain), "saved": [str(path) for path in saved]}
    output.answer(document, lines, as_json=arguments.json)
    return output.DONE


def _erasure_lines(one: ErasureItem) -> list[str]:
    what = ", ".join(one.categories) or "all log data"
    if one.state == "waiting":
        return [f"{one.asked}  {what}: waiting for the receipt. {one.trouble}".rstrip()]
    lines = [f"{one.asked}  {what}: erased {one.done}, {one.erased} records."]
    for whom, count in one.relayed.items():
        lines.append(f"  {count} had been passed on to {whom} and are not the server's to erase. Ask there.")
    return lines


def _save_receipts(found: Erasures, folder: Path) -> list[Path]:
    """A file for each, named by what is in it, so that saving again changes nothing. Raises AgentError usage."""
    saved = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in found.items:
            for receipt in one.receipts:
                mark = hashlib.sha256(receipt.encode()).hexdigest()[:12]
                path = folder / f"erasure-{one.asked[:10]}-{mark}.json"
                path.write_text(receipt, encoding="utf-8")
                saved.append(path)
    except OSError as error:
        raise AgentError("usage", f"{folder} cannot be written: {error.strerror}. Name another folder.") from None
    return saved


def _pages(asked: Conversation, limit: int, query: Callable[[str | None, int], Any]) -> tuple[list[Any], Any]:
    """Up to `limit` items, and the first page with its totals."""
    first = page = asked.look(query(None, min(limit, PAGE)))
    items = list(page.items)
    while page.next is not None and len(items) < limit:
        page = asked.look(query(page.next, min(limit - len(items), PAGE)))
        items += page.items
    return items, first


def _batch_line(one: LedgerItem) -> str:
    kept = f", {one.accepted} kept" if one.state == "sent" and one.accepted != one.records else ""
    cleared = ", copy cleared" if one.cleared else ""
    return (
        f"{one.batch_id}  {one.at or '-'}  {one.category}, {one.records} records, {one.size} bytes: "
        f"{_STATES.get(one.state, one.state)}{kept}{cleared}"
    )


def _record_lines(one: RecordItem) -> list[str]:
    fields = ", ".join(f"{name}={value}" for name, value in one.fields.items())
    return [f"  {one.seq}  {one.at}  {one.name}, {one.size} bytes: {fields or 'no fields'}"]


ACTIONS = {
    "waiting": waiting,
    "remove": remove,
    "send": send,
    "ledger": ledger,
    "show": show,
    "losses": losses,
    "export": export,
    "clear": clear,
    "erase": erase,
    "erasures": erasures,
}
