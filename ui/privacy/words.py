"""The words of the Privacy centre that more than one of its pages says. No widget in here."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QLocale

from agent.api import CatalogEvent, CatalogField, LedgerItem, RecordItem
from ui import wording

translate = wording.translate


def listed(of: Sequence[str]) -> str:
    """One after the other, as this language joins them."""
    return QLocale().createSeparatedList([wording.apart(one) for one in of])


def switch_name(of: str) -> str:
    """A choice that is not log data, by its plain name."""
    return {
        "position": translate("Privacy", "Position at a check-in"),
        "network": translate("Privacy", "Known network at a check-in"),
        "activity": translate("Privacy", "Last use of this computer"),
        "keep_details": translate("Privacy", "Details of photos and files"),
        "cookies": translate("Privacy", "Cookies that stay"),
    }.get(of, of)


def how_many_on(on: int, of: int) -> str:
    """How many choices are on."""
    if not on:
        return translate("Privacy", "Everything is off.")
    return translate("Privacy", "{on} of {all} are on.").format(on=wording.number(on), all=wording.number(of))


def how_many_used(used: int, of: int) -> str:
    """How many rows of the egress table were ever used."""
    if not used:
        return translate("Privacy", "None of {all} was used yet.").format(all=wording.number(of))
    return translate("Privacy", "{used} of {all} were used.").format(used=wording.number(used), all=wording.number(of))


def waiting_and_sent(waiting: int, sent: int) -> str:
    """How many records wait, and how many the server took."""
    return wording.joined(
        translate("Privacy", "Waiting here: {count}").format(count=wording.number(waiting)),
        translate("Privacy", "sent: {count}").format(count=wording.number(sent)),
    )


def asked_and_waiting(asked: int, waiting: int) -> str:
    """How many erasures were asked for, and how many of them have no receipt yet."""
    return wording.joined(
        translate("Privacy", "Asked for: {count}").format(count=wording.number(asked)),
        translate("Privacy", "waiting for the receipt: {count}").format(count=wording.number(waiting))
        if waiting
        else translate("Privacy", "every receipt is here"),
    )


def declared_fields(event: CatalogEvent) -> str:
    """Every field of an event, one a line, with all that it can hold."""
    return "\n".join(f"• {wording.apart(one.name)}: {_can_hold(one)}" for one in event.fields)


def _can_hold(field: CatalogField) -> str:
    if field.kind == "choice":
        return translate("Privacy", "one of {values}").format(values=", ".join(field.values))
    if field.kind == "flag":
        return translate("Privacy", "yes or no")
    limit = wording.number(field.limit)
    if field.kind == "text":
        return translate("Privacy", "text of the program, at most {limit} characters, secrets taken out").format(
            limit=limit
        )
    if field.rounded:
        return translate("Privacy", "a rough number up to {limit}, rounded to a power of two").format(limit=limit)
    return translate("Privacy", "a number up to {limit}").format(limit=limit)


def declaration(event: CatalogEvent) -> str:
    """What an event is for, and how long it is kept."""
    return translate("Privacy", "{purpose} Kept for {days}.").format(
        purpose=wording.told(event.purpose), days=days(event.retention_days)
    )


def days(of: int) -> str:
    """A number of whole days."""
    return translate("Time", "%n day(s)", "", of)


def record_title(of: RecordItem) -> str:
    """What a record tells."""
    return {
        "app.started": translate("Record", "Miratag was started"),
        "report.sent": translate("Record", "A report was sent"),
        "attendance.recorded": translate("Record", "A check-in, check-out or break"),
        "sync.finished": translate("Record", "Sending ended"),
        "error.reported": translate("Record", "A fault in the program"),
        "store.set_aside": translate("Record", "A damaged file was set aside"),
        "analytics.app_started": translate("Record", "Miratag was started"),
        "analytics.report_sent": translate("Record", "A report was sent"),
        "keyring.unavailable": translate("Record", "The keyring did not answer"),
    }.get(of.name, of.name)


def values(of: Mapping[str, str | int | bool]) -> str:
    """Fields as they leave: a name and a value a line, nothing rounded or translated."""
    return "\n".join(f"{name} = {_plain(value)}" for name, value in of.items())


def _plain(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def loss(reason: str) -> str:
    """Why records were not sent or not kept, in a few words; a newer reason has its own name."""
    return {
        "purged": translate("Loss", "Withdrawn or removed by you"),
        "count": translate("Loss", "Too many waited"),
        "size": translate("Loss", "What waited took too much room"),
        "age": translate("Loss", "Waited too long"),
        "backlog": translate("Loss", "Came faster than they could be written"),
        "storage": translate("Loss", "Could not be written"),
        "refused": translate("Loss", "Could not be read by the server"),
        "too_large": translate("Loss", "Too large for the server"),
        "rejected": translate("Loss", "Not kept by the server"),
        "not_allowed": translate("Loss", "Not allowed by the organization"),
        "unknown_to_server": translate("Loss", "Not known to the server"),
        "erased": translate("Loss", "Belonged to what was erased"),
        "malformed": translate("Loss", "Malformed"),
        "off": translate("Loss", "Switched off"),
        "undeclared": translate("Loss", "Not in the catalog"),
        "expired": translate("Loss", "Its time in the catalog is over"),
        "wrong_fields": translate("Loss", "Not as the catalog declares it"),
    }.get(reason, reason)


def batch_state(of: str) -> str:
    """How a batch left."""
    return {
        "sent": translate("Batch", "Received"),
        "may_have_arrived": translate("Batch", "May have arrived"),
        "refused": translate("Batch", "Refused"),
    }.get(of, of)


def batch_explanation(of: LedgerItem) -> str:
    """What the state of a batch means."""
    if of.state == "sent" and of.accepted == of.records:
        return translate("Batch", "The server has all of it.")
    if of.state == "sent":
        return translate("Batch", "The server has {kept} of {all}; the others it did not keep.").format(
            kept=wording.number(of.accepted), all=wording.number(of.records)
        )
    if of.state == "may_have_arrived":
        return translate(
            "Batch",
            "It had begun to leave when it was stopped, so nobody can say whether it arrived. Erasure covers it, too.",
        )
    return translate("Batch", "The server did not take it, and it is not sent again.")
