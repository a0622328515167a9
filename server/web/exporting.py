"""Taking reports away as a file: what the list shows, in four kinds, after the password, noted in the access log."""

import logging
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Stream

from rules.sentence import Sentence
from server import access
from server.exports.answers import AnswerCells
from server.exports.archive import Inventory, write_zip
from server.exports.columns import Cell, Column, standard_columns
from server.exports.facts import ReportFacts, each_report
from server.exports.group_rows import BEFORE, GroupRows
from server.exports.object_list import write_json
from server.exports.text_table import write_csv
from server.exports.workbook import Table, write_xlsx
from server.outgoing import Download
from server.problems import ProblemError, problem
from server.reports.listing import ReportFilter, count_reports
from server.storage.database import Transaction
from server.storage.objects import Objects
from server.turns import Turns
from server.web.answers import reading_words
from server.web.places import Places
from server.web.report_list import read_query
from server.web.reports import Chosen, chosen_filter, given, state_names
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words

_log = logging.getLogger(__name__)
_LONGEST = timedelta(minutes=30)
"""A table is read in one transaction, which a slow line must not hold for ever."""

turns = Turns(
    2,
    Sentence(
        "Other exports are still being downloaded. Wait until they have come, or cancel them, then press Export again."
    ),
    in_all=12,
)
"""Whoever takes a table slowly keeps its transaction open, of which the database has only so many for everybody."""

Kind = Callable[[Visit, Objects, ReportFilter], Iterator[bytes]]


@get("/reports/export", sync_to_thread=True)
def export_page(visit: NamedDependency[Visit]) -> Response[Any]:
    """What the filter of the list shows, and the kinds of file there are."""
    visit.require_manager()
    return _page(visit, read_query(visit.request.url.query)[0])


@post("/reports/export", sync_to_thread=True, status_code=200)
def export(
    visit: NamedDependency[Visit], objects: NamedDependency[Objects], signed_form: NamedDependency[Form]
) -> Response[Any]:
    """The file itself. Who took what, and how much, is in the access log before the first byte goes."""
    visit.require_manager()
    chosen, kind = read_query(signed_form.one("query"))[0], signed_form.one("kind")
    try:
        if kind not in _KINDS:
            detail = "Choose one of the kinds of file, then press again."
            raise problem("unknown-kind", 400, "Unknown kind of file", detail)
        if not visit.session.confirmed:
            visit.require_password(signed_form.one("current"))
        turns.check(visit.actor.member_id)
    except ProblemError as refusal:
        return _page(visit, chosen, refusal=refusal)
    with visit.write() as t:
        wanted = chosen_filter(chosen, Places.of(t))
        number = count_reports(t, visit.actor, wanted)
        told = urlencode({"kind": kind, "reports": number, **given(chosen)})
        access.record(t, visit.actor, "export", "report", "", detail=told)
        day = t.now_text[:10]
    media_type, write = _KINDS[kind]
    headers = {
        "Content-Disposition": f'attachment; filename="miratag-reports-{day}.{kind}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    content = in_turn(visit.actor.member_id, write(visit, objects, wanted))
    return Stream(Download(visit.request, content), media_type=media_type, headers=headers)


def in_turn(member_id: str, content: Iterator[bytes]) -> Generator[bytes]:
    """The content, sent while the person has one of the turns."""
    with turns.take(member_id):
        yield from content


def _page(visit: Visit, chosen: Chosen, *, refusal: ProblemError | None = None) -> Response[Any]:
    with visit.read() as t:
        places = Places.of(t)
        number = count_reports(t, visit.actor, chosen_filter(chosen, places))
    query = urlencode(given(chosen))
    return visit.page(
        "export.html",
        refusal=refusal,
        number=number,
        narrowed=_narrowed(visit.words, chosen, places),
        query=query,
        back=f"/reports?{query}" if query else "/reports",
        ask_password=not visit.session.confirmed,
    )


def _narrowed(words: Words, chosen: Chosen, places: Places) -> list[tuple[str, str]]:
    """The filter in words, for those parts that can be said without another look-up."""
    _ = words
    place = places.by_id.get(chosen.location)
    said = (
        (_("Words in the title, text or answers"), chosen.text),
        (_("State"), state_names(words).get(chosen.state, chosen.state)),
        (_("Location"), place.name if place else chosen.location),
        (_("Checklist"), _("one checklist, each of its fields in a column of its own") if chosen.checklist else ""),
        (_("Person"), _("one person") if chosen.member else ""),
        (_("From"), chosen.since),
        (_("To"), chosen.until),
    )
    return [(name, value) for name, value in said if value]


def _reports(visit: Visit, wanted: ReportFilter) -> Iterator[ReportFacts]:
    """All of one moment. The time limit breaks the download off, so that nobody takes a part for the whole."""
    with visit.read() as t:
        until = time_limit(t)
        for one in each_report(t, visit.actor, wanted):
            check_time(visit, until)
            yield one


def time_limit(t: Transaction) -> datetime:
    """Until when a table that begins now may be read."""
    return t.now + _LONGEST


def check_time(visit: Visit, until: datetime) -> None:
    """Break off what takes too long. Raises TimeoutError."""
    if visit.database.now() > until:
        _log.warning("an export took longer than %s and was broken off", _LONGEST)
        raise TimeoutError("the export took too long")


class _Layout:
    """The columns of the reports and their names. Of one checklist each field has its own, and each repeating group a
    table; of several the answers share one column. Close it."""

    def __init__(self, visit: Visit, wanted: ReportFilter) -> None:
        with visit.read() as t:
            words = reading_words(visit.words, Places.of(t))
        answers = AnswerCells(visit.read, words)
        self._names = headings(visit.words)
        if wanted.template_id is None:
            own, groups = [(answers.column_of_all(), self._names["answers"])], []
        else:
            own, groups = answers.columns_of(wanted.template_id), answers.groups_of(wanted.template_id)
        self._names |= {column.name: label for column, label in own}
        self._columns: list[Column] = [*standard_columns(), *(column for column, _ in own)]
        self.groups = GroupRows(answers, groups)

    @property
    def headings(self) -> list[tuple[str, int]]:
        """Of the reports, with their widths."""
        return [(self._names[column.name], column.width) for column in self._columns]

    def rows(self, reports: Iterable[ReportFacts]) -> Iterator[list[Cell]]:
        """A row for each report; meanwhile the groups' rows are kept."""
        for one in self.groups.met(reports):
            yield [column.cell(one) for column in self._columns]

    def tables_of_groups(self) -> Iterator[tuple[str, list[tuple[str, int]], Iterator[list[Cell]]]]:
        """Name, headings and rows of each group, once all rows of the reports were taken."""
        before = list(zip(BEFORE, (38, 40, 8), strict=True))
        for group in self.groups.groups:
            named = [(self._names[name], width) for name, width in before]
            yield group.label, named + [(label, 24) for _, label in group.columns], self.groups.rows(group)

    def close(self) -> None:
        """Remove what is kept meanwhile."""
        self.groups.close()


def _csv(visit: Visit, _objects: Objects, wanted: ReportFilter) -> Iterator[bytes]:
    with closing(_Layout(visit, wanted)) as layout:
        yield from write_csv([name for name, _ in layout.headings], layout.rows(_reports(visit, wanted)))


def _xlsx(visit: Visit, _objects: Objects, wanted: ReportFilter) -> Iterator[bytes]:
    with closing(_Layout(visit, wanted)) as layout:

        def tables() -> Iterator[Table]:
            yield Table(visit.words("Reports"), layout.headings, layout.rows(_reports(visit, wanted)))
            for name, headed, rows in layout.tables_of_groups():
                yield Table(name, headed, rows)

        cut = visit.words("Texts that were too long for a cell and are cut here; CSV and JSON have them.")
        yield from write_xlsx(tables(), cut)


def _json(visit: Visit, _objects: Objects, wanted: ReportFilter) -> Iterator[bytes]:
    return write_json(_reports(visit, wanted))


def _zip(visit: Visit, objects: Objects, wanted: ReportFilter) -> Iterator[bytes]:
    with closing(Inventory()) as inventory, closing(_Layout(visit, wanted)) as layout, ExitStack() as kept:
        reports = visit.words("Reports")
        tables: list[tuple[str, Iterable[bytes]]] = []
        with visit.read() as t:
            met = each_report(t, visit.actor, wanted)
            if wanted.template_id is None:
                inventory.take(t, met)
            else:
                table = kept.enter_context(tempfile.TemporaryFile())
                listed = inventory.taking(t, met)
                for piece in write_csv([name for name, _ in layout.headings], layout.rows(listed)):
                    table.write(piece)
                table.seek(0)
                tables.append((reports, table))
        for name, headed, rows in layout.tables_of_groups():
            tables.append((name, write_csv([heading for heading, _ in headed], rows)))
        note = visit.words("These files of the report are not in this archive: they have not arrived, or are lost.")
        yield from write_zip(inventory, objects, note, tables)


_KINDS: dict[str, tuple[str, Kind]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "json": ("application/json", _json),
    "zip": ("application/zip", _zip),
}


def headings(words: Words) -> dict[str, str]:
    """What the columns are called, by their stable names."""
    _ = words
    return {
        "state": _("State"),
        "received_local": _("Received, at the place"),
        "written_local": _("Written, at the place"),
        "zone": _("Time zone"),
        "author": _("Person"),
        "location": _("Location"),
        "title": _("Title"),
        "text": _("Text"),
        "files": _("Files"),
        "checklist": _("Checklist"),
        "checklist_version": _("Version of the checklist"),
        "answers": _("Answers"),
        "files_missing": _("Files on the way"),
        "decision": _("Decision"),
        "decision_words": _("Words of the decision"),
        "decided_by": _("Decided by"),
        "decided_utc": _("Decided (UTC)"),
        "received_utc": _("Received (UTC)"),
        "written_utc": _("Written (UTC)"),
        "written_clock": _("Clock of the device"),
        "versions": _("Versions"),
        "standing_versions": _("Versions side by side"),
        "report": _("Report id"),
        "row": _("Row"),
        "version": _("Version id"),
        "receipt": _("Receipt (SHA-256)"),
    }


routes = [export_page, export]
