"""Queries of one account, answered from its rows."""

import sqlite3

from agent.api import (
    ActivityPage,
    AgentError,
    ListActivity,
    ListLocations,
    LocationItem,
    LocationList,
    ReportDetail,
    ShowReport,
)
from agent.runtime.answering import can_correct
from agent.runtime.views import Looks, MediaRow, activity_item, comment_item, media_item
from agent.runtime.workplace import Workplace
from agent.store import comments, reports

MAX_PAGE = 500


def list_activity(workplace: Workplace, query: ListActivity, *, paused: bool) -> ActivityPage:
    """One page, newest first. Raises AgentError usage for a position that is none."""
    limit = min(max(query.limit, 1), MAX_PAGE)
    after = _position(query.after)
    rows = workplace.store.read(
        lambda c: reports.activity(
            c, after=after, limit=limit + 1, search=query.search.strip(), needs_you=query.needs_you
        )
    )
    looks = workplace.looks(paused=paused)
    items = tuple(activity_item(row, looks, workplace.progress) for row in rows[:limit])
    return ActivityPage(items=items, next=items[-1].key if len(rows) > limit else None)


def show_report(workplace: Workplace, query: ShowReport, *, paused: bool) -> ReportDetail:
    """Raises AgentError not_found."""
    row = workplace.store.read(lambda c: reports.item(c, query.instance_id))
    if row is None or row.kind != "report":
        raise AgentError("not_found", "This report is not on this computer.")
    files = workplace.store.read(lambda c: reports.files(c, query.instance_id))
    looks: Looks = workplace.looks(paused=paused)
    return ReportDetail(
        item=activity_item(row, looks, workplace.progress),
        text=row.text,
        media=tuple(
            media_item(MediaRow(**{name: one[name] for name in MediaRow.__struct_fields__}), workplace.spool)
            for one in files
        ),
        receipt=workplace.store.read(lambda c: reports.verified_receipt(c, query.instance_id)),
        comments=tuple(
            comment_item(one, looks) for one in workplace.store.read(lambda c: comments.of_report(c, query.instance_id))
        ),
        can_correct=workplace.store.read(lambda c: can_correct(c, row)),
    )


def list_locations(workplace: Workplace, query: ListLocations) -> LocationList:
    """Active places: those used lately first, then by name."""

    def look(connection: sqlite3.Connection) -> LocationList:
        wished = query.search.strip().casefold()
        rows = connection.execute(
            "SELECT l.location_id, l.name, l.address FROM location AS l LEFT JOIN location_use AS u USING (location_id)"
            " WHERE l.active ORDER BY u.used_at IS NULL, u.used_at DESC, l.name COLLATE NOCASE, l.location_id"
        ).fetchall()
        # SQLite compares only ASCII without case; names of places are of every language.
        found = [LocationItem(**dict(row)) for row in rows if wished in f"{row['name']}\n{row['address']}".casefold()]
        return LocationList(items=tuple(found[: min(max(query.limit, 1), MAX_PAGE)]), total=len(found))

    return workplace.store.read(look)


def _position(after: str | None) -> tuple[str, str] | None:
    if after is None:
        return None
    at, _, item_id = after.partition(" ")
    if not item_id:
        raise AgentError("usage", "This is not a position in the list. Start from the top.")
    return at, item_id
