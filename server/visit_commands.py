"""`miratag-server visits`: what the public pages counted of visitors that allowed it, for the operator."""

import argparse
import os
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from server.logs import visits
from server.logs.visits import Counted
from server.policy_text_commands import AddCommand
from server.settings import load
from server.storage.database import Database

_DAYS = 30


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", command: AddCommand, say: Callable[[str], None]
) -> None:
    """Add it to a parser; `say` prints a line."""
    purpose = "print how often each public page was opened, by visitors that let it be counted"
    one = command(commands, "visits", lambda given: _visits(given, say), purpose)
    one.add_argument("--days", type=int, default=_DAYS, metavar="N", help="default: %(default)s")


def _visits(given: argparse.Namespace, say: Callable[[str], None]) -> None:
    settings = load(given.data.absolute(), address="http://127.0.0.1", given={}, environment=os.environ)
    database = Database(settings.database_url)
    try:
        database.migrate()
        since = database.now().date() - timedelta(days=max(given.days, 1) - 1)
        found = visits.counted(database, since)
    finally:
        database.close()
    if not settings.pages.count_visits:
        say("Visits are not counted: count_visits is false under [pages] in settings.toml.")
    for line in table(found):
        say(line)


def table(found: list[Counted]) -> list[str]:
    """A head and a line for each page: times opened, of these without scripts, and in how many milliseconds half of
    them were loaded, as a power of two; `-` where no browser said."""
    opened: dict[str, int] = defaultdict(int)
    bare: dict[str, int] = defaultdict(int)
    loads: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in found:
        page = str(one.fields["page"])
        if one.name == "page.timing":
            loads[page][int(one.fields["load_ms"])] += one.times
        else:
            opened[page] += one.times
            bare[page] += 0 if one.fields["scripts"] else one.times
    lines = [
        f"{page:12} {opened[page]:>8} {bare[page]:>10} {_half(loads[page]):>14}"
        for page in sorted(opened, key=lambda one: (-opened[one], one))
    ]
    return [f"{'page':12} {'opened':>8} {'no scripts':>10} {'half within ms':>14}", *lines]


def _half(loads: dict[int, int]) -> str:
    """The upper end of the bucket in which the middle one lies."""
    left = (sum(loads.values()) + 1) // 2
    for bucket in sorted(loads):
        left -= loads[bucket]
        if left <= 0:
            return str(2 * bucket)
    return "-"
