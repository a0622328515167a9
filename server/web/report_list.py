"""The list of reports: narrowed, sorted, page by page, with how many there are in each state."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast, get_args
from urllib.parse import parse_qs, urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from rules.clock import format_utc
from rules.review import MAX_WORDS
from server import access
from server.accounts import members
from server.problems import ProblemError
from server.reports.listing import MOST_COUNTED, STATES, By, Order, ReportFilter, count_states, list_reports
from server.reports.reviewing import choices_of
from server.storage.database import Actor, Transaction
from server.templates.reading import titles_of
from server.web.places import Places
from server.web.reports import Chosen, chosen_filter, done_in_list, given, report_lines, state_names
from server.web.visit import Visit

_LONGEST_KEEPING = timedelta(minutes=1)
"""More than a transaction takes that keeps reports."""


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of the list: `sort` is one of its orders, with a minus from the other end; `after` and `before` are
    marks of `list_reports`."""

    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def order(self) -> Order:
        """The order; the usual one for what is none."""
        by = self.sort.removeprefix("-")
        return Order(cast("By", by), self.sort.startswith("-")) if by in get_args(By) else Order()

    def query(self) -> dict[str, str]:
        """As an address has it."""
        return {name: value for name, value in msgspec.to_builtins(self).items() if value}


class Heading(msgspec.Struct, frozen=True):
    """A column by which the list is sorted, or would be: `sorted` is `ascending`, `descending` or empty."""

    name: str
    address: str
    sorted: str


class StateCount(msgspec.Struct, frozen=True):
    """How many there are in one state, and where they are listed."""

    state: str
    name: str
    number: str
    address: str
    chosen: bool


def read_query(query: str) -> tuple[Chosen, Where]:
    """The filter and the page of an address of the list; what it does not know is left out."""
    values = {name: texts[0] for name, texts in parse_qs(query).items() if "\0" not in texts[0]}
    chosen = {name: values[name] for name in values if name in Chosen.__struct_fields__}
    where = {name: values[name] for name in values if name in Where.__struct_fields__}
    chosen["text"] = chosen.get("text", "").strip()
    return msgspec.convert(chosen, Chosen), msgspec.convert(where, Where)


@get("/reports", sync_to_thread=True)
def reports_page(
    visit: NamedDependency[Visit], done: FromQuery[str] = "", changed: FromQuery[int] = 0
) -> Response[Any]:
    """The reports of whom and what is in the reader's care."""
    visit.require_manager()
    chosen, where = read_query(visit.request.url.query)
    return show_list(visit, chosen, where, good=done_in_list(visit.words, done, changed))


@get("/reports/counts", sync_to_thread=True)
def counts(visit: NamedDependency[Visit], opened: FromQuery[str] = "", known: FromQuery[int] = 0) -> Response[Any]:
    """The line of counts alone, which the open page fetches anew when something changed; and how many reports came
    since then, of which the page counted so many already when it was `opened`."""
    visit.require_manager()
    chosen, where = read_query(visit.request.url.query)
    with visit.read() as t:
        wanted = chosen_filter(chosen, Places.of(t))
        counted = count_states(t, visit.actor, wanted)
        came = _count_since(t, visit.actor, wanted, opened) - known if opened else 0
    return visit.page("counts.html", **_counts(visit, chosen, where, counted, came))


def _count_since(t: Transaction, actor: Actor, wanted: ReportFilter, since: str) -> int:
    later = count_states(t, actor, msgspec.structs.replace(wanted, since=max(since, wanted.since or "")))
    return later.get(wanted.state, 0) if wanted.state else sum(later.values())


def show_list(
    visit: Visit,
    chosen: Chosen,
    where: Where,
    *,
    refusal: ProblemError | None = None,
    good: str = "",
    refused: Sequence[str] = (),
    words: str = "",
    ticked: Sequence[str] = (),
) -> Response[Any]:
    """The list; after decisions with what was done (`good`), what was refused and why, and the words as typed. What was
    `ticked` still is, unless it is another version or decision that is shown now."""
    with visit.write() as t:
        places = Places.of(t)
        wanted = chosen_filter(chosen, places)
        found = list_reports(
            t, visit.actor, wanted, where.after or None, before=where.before or None, order=where.order
        )
        counted = count_states(t, visit.actor, wanted)
        choices = choices_of(t, visit.actor, found.rows)
        people = members.list_visible(t, visit.actor)
        checklists = titles_of(t)
        # A report that is being kept at this moment bears a time before it: what came shortly before is counted now,
        # and taken off again.
        opened = format_utc(t.now - _LONGEST_KEEPING)
        known = _count_since(t, visit.actor, wanted, opened)
        access.record(t, visit.actor, "list", "report", "", detail=urlencode(given(chosen)))
        now = t.now
    query = given(chosen)
    sort = {"sort": where.sort} if where.sort else {}
    return visit.page(
        "reports.html",
        refusal=refusal,
        now=now,
        rows=report_lines(found.rows, places, choices),
        chosen=chosen,
        sort=where.sort,
        headings=_headings(visit, chosen, where.order),
        sorts=_sorts(visit),
        **_counts(visit, chosen, where, counted, 0),
        counts_address=f"/reports/counts?{urlencode(query | sort | {'opened': opened, 'known': known})}",
        states=list(state_names(visit.words).items()),
        locations=places.choices(),
        members=people,
        checklists=sorted(checklists.items(), key=lambda one: one[1].casefold()),
        filtered=bool(query),
        next_page=f"/reports?{urlencode({**query, **sort, 'after': found.after})}" if found.after else "",
        page_before=f"/reports?{urlencode({**query, **sort, 'before': found.before})}" if found.before else "",
        first_page=f"/reports?{urlencode(query | sort)}" if where.after or where.before else "",
        narrowing=urlencode(query),
        query=urlencode(query | where.query()),
        good=good,
        refused=refused,
        typed=words,
        ticked=ticked,
        most_words=MAX_WORDS,
    )


def _headings(visit: Visit, chosen: Chosen, order: Order) -> list[Heading]:
    headings = []
    for by, name in _sorts(visit):
        turned = order.by == by and not order.turned
        sort = {"sort": f"-{by}" if turned else by}
        rising = (by == "received") == order.turned
        sorted_now = ("ascending" if rising else "descending") if order.by == by else ""
        headings.append(Heading(name, f"/reports?{urlencode(given(chosen) | sort)}", sorted_now))
    return headings


def _sorts(visit: Visit) -> list[tuple[By, str]]:
    _ = visit.words
    return [
        ("title", _("Report")),
        ("author", _("Person")),
        ("place", _("Location")),
        ("received", _("Received")),
        ("state", _("State")),
    ]


def _counts(visit: Visit, chosen: Chosen, where: Where, counted: dict[str, int], came: int) -> dict[str, Any]:
    """What counts.html shows; `came` of them since the page was opened."""
    words, names = visit.words, state_names(visit.words)
    sort = {"sort": where.sort} if where.sort else {}
    counts = []
    for state in STATES:
        number = words("over %(number)d", number=MOST_COUNTED) if counted[state] > MOST_COUNTED else counted[state]
        own = state == chosen.state
        query = given(msgspec.structs.replace(chosen, state="" if own else state)) | sort
        counts.append(StateCount(state, names[state], str(number), f"/reports?{urlencode(query)}", own))
    new = words.count("%(num)d new report came in.", "%(num)d new reports came in.", came) if came > 0 else ""
    return {"counts": counts, "new": new, "list_address": f"/reports?{urlencode(given(chosen) | sort)}"}


routes = [reports_page, counts]
