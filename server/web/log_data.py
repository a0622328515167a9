"""How much log data of the organization's apps came, for its admins: numbers that nobody can be told from."""

from itertools import groupby
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from server.logs.statistics import DAYS, FEWEST, log_statistics
from server.relaying.setting_up import routes_of
from server.settings import Settings
from server.web.visit import Visit
from server.web.words import Words


class DayLine(msgspec.Struct, frozen=True, kw_only=True):
    """One day: its records by (kind, event, number), and how many numbers were left out by the senders."""

    day: str
    events: tuple[tuple[str, str, int], ...]
    missing: int


@get("/log-data", sync_to_thread=True)
def log_data_page(visit: NamedDependency[Visit], settings: NamedDependency[Settings]) -> Response[Any]:
    """The last days; that somebody looked is in the access log."""
    visit.require_admin()
    with visit.write() as t:
        found, now = log_statistics(t, visit.actor, routes_of(settings)), t.now
    kinds, missing = kind_names(visit.words), dict(found.missing)
    days = [
        DayLine(
            day=day,
            events=tuple((kinds.get(one.category, one.category), one.name, one.records) for one in events),
            missing=missing.get(day, 0),
        )
        for day, events in groupby(found.events, key=lambda one: one.day)
    ]
    lost = [(loss_names(visit.words).get(reason, reason), records) for reason, records in found.lost]
    return visit.page("log_data.html", now=now, found=found, days=days, lost=lost, span=DAYS, fewest=FEWEST)


def kind_names(words: Words) -> dict[str, str]:
    """The categories of log data in words."""
    _ = words
    return {"diagnostics": _("Fault reports"), "usage": _("Usage counts"), "third_party": _("Outside analytics")}


def loss_names(words: Words) -> dict[str, str]:
    """Why records could not be passed on, in words."""
    _ = words
    return {
        "rejected": _("The receiver did not want them"),
        "refused": _("The receiver could not read them"),
        "too_large": _("Larger than the receiver takes"),
        "old": _("Waited too long for a receiver that did not answer"),
        "not_allowed": _("Of a kind that the organization forbids by now"),
    }


routes = [log_data_page]
