"""Writes docs/telemetry.md from the catalog: `python -m telemetry.catalog_page > docs/telemetry.md`."""

import sys
from collections.abc import Mapping

from telemetry.catalog import EVENTS, Declaration, FieldDeclaration
from telemetry.catalog.page_events import PAGE_EVENTS
from telemetry.consent import PURPOSES

_INTRODUCTION = """\
# Log data: every event

This page is generated from `telemetry/catalog` (`python -m telemetry.catalog_page`); a test compares the two. Nothing
that is not listed here is ever recorded, nothing is recorded before a person allowed its category for their account,
and an event is no longer recorded from its expiry on. Besides its fields each record bears its name and version, its
time, whether it is an error, a random id, a running number, its category and the number of the choice that allowed
it; each batch of them bears the version of the program and a random number of the installation. The server holds every
record of the program against this catalog and keeps none with anything else in it; it removes each when the time
declared is over.

What was recorded waits in a file of the account on the person's own computer. The end of the program, whatever the
cause, takes at most what was recorded in that very moment; loss of power takes at most the last 30 seconds, and leaves
the file whole. A choice and a wish to erase are on the disk before the program says so. *Sent within* holds while the
server can be reached; where the network costs or the computer runs on its battery, what is to be sent within five
minutes may wait for an hour.

In the code each event is a frozen class whose fields are typed, and to record one is to make it:
`record(ReportSent(kind="new", size_bytes=70_000, media=2))`. mypy refuses a field that is not declared, or a value of
another kind, before the program runs; the class itself refuses when it is loaded to be declared without purpose, owner
or retention, or with free text outside diagnostics.
"""


_PAGES = """\
## The public pages of a server

Events of another kind: the pages report them, never the app, and only of visitors that allowed it, whose browser does
not ask for the contrary (Global Privacy Control, Do Not Track), and who are not signed in. The server counts them by
day: a number goes up by one, and there is no record, no id and no time of day.
"""


def page(events: Mapping[str, Declaration], of_pages: Mapping[str, Declaration]) -> str:
    """The whole page as Markdown, ending in one newline."""
    parts = [_INTRODUCTION]
    for category, purpose in PURPOSES.items():
        declared = [event for event in events.values() if event.category == category]
        parts.append(f"## {category}\n\n{purpose}\n")
        parts.extend(_section(event) for event in declared)
        if not declared:
            parts.append("No event is declared in this category.\n")
    parts.append(_PAGES)
    parts.extend(_section(event, sent=False) for event in of_pages.values())
    return "\n".join(parts)


def _section(event: Declaration, *, sent: bool = True) -> str:
    rows = "\n".join(f"| `{field.name}` | {_values(field)} | {field.sensitivity} |" for field in event.fields)
    when = "a minute" if event.urgent else "five minutes"
    return (
        f"### {event.name} (version {event.version})\n\n{event.purpose}\n\n"
        f"Owner: {event.owner}. Kept for {event.retention_days} days. Recorded until {event.expires}."
        f"{f' Sent within {when}.' if sent else ''}\n\n"
        f"| field | holds | sensitivity |\n|---|---|---|\n{rows}\n"
    )


def _values(field: FieldDeclaration) -> str:
    if field.kind == "choice":
        return " · ".join(f"`{choice}`" for choice in field.choices)
    if field.kind == "flag":
        return "yes or no"
    if field.kind == "text":
        return f"text of the program, redacted, at most {field.limit} characters"
    return f"0 to {field.limit}" + (", rounded down to a power of two" if field.bucket else "")


if __name__ == "__main__":
    sys.stdout.write(page(EVENTS, PAGE_EVENTS))
