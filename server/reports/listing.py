"""The list of reports: which ones, in which order, page by page in both directions, and how many there are.

Every read passes `server.accounts.scope.visible`; the caller writes the access record. A page is found by where the
last one ended, and every order has an index, so that a page costs the same however many reports there are.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Row, Select, Table, and_, case, func, or_, select, tuple_

from server.accounts.scope import visible
from server.storage.database import Actor, Transaction
from server.storage.tables import location, media, member, report, revision, revision_media, template

By = Literal["received", "title", "author", "place", "state"]

STATES = ("received", "edited", "returned", "approved", "rejected")
"""The review states, in the order of a report's life."""
_MOST_WORDS = 16
"""That are looked for one by one; what follows them is looked for as it stands."""
MOST_COUNTED = 1000
"""Up to here states are counted one by one; what lies beyond is `more`."""


class ReportFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which reports: of one member, of one place, filled with one checklist, received in [`since`, `until`) (RFC 3339),
    in one review state, with these words in the title, text or answers of some revision, with files still on the way;
    all when empty."""

    member_id: str | None = None
    location_id: str | None = None
    template_id: str | None = None
    since: str | None = None
    until: str | None = None
    state: str | None = None
    text: str | None = None
    waiting: bool = False


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list. `files` counts the announced files of all revisions, `files_held` those that are here."""

    instance_id: str
    title: str
    state: str
    received: str
    member_id: str
    member_name: str
    location_id: str | None
    location_name: str | None
    template_title: str | None
    files: int
    files_held: int


class Order(msgspec.Struct, frozen=True):
    """What a list is sorted by. Received: newest first. Title, author, place: A to Z, and of one author or place newest
    first, as of one state. `turned`: from the other end."""

    by: By = "received"
    turned: bool = False


class ReportList(msgspec.Struct, frozen=True):
    """One page of a list. `after` is given back for the next one, `before` for the one before; None at the ends."""

    rows: tuple[ReportRow, ...]
    after: str | None
    before: str | None = None


def list_reports(
    t: Transaction,
    actor: Actor,
    wanted: ReportFilter = ReportFilter(),  # noqa: B008 - frozen
    after: str | None = None,
    limit: int = 50,
    *,
    before: str | None = None,
    order: Order = Order(),  # noqa: B008 - frozen
) -> ReportList:
    """The reports that `actor` may read, after or before a mark. A text that is no mark is none: the list begins."""
    # Of the one table first, so that its indexes give the order; names and files of the page come after.
    seen = visible(t, actor, report.c.member_id, report.c.location_id)
    narrowed = t.select(report).where(seen, *conditions(t, wanted))
    back = before is not None
    mark = _Mark.read(before if back else after)
    stretch = _Stretch(t, actor, narrowed, wanted, order=order, mark=mark, back=back, limit=limit + 1)
    found = stretch.grouped() if order.by in _GROUPED else stretch.lined()
    more, rows = len(found) > limit, read_rows(t, actor, [row.instance_id for row in found[:limit]])
    if back:
        rows.reverse()
    if not rows:
        return ReportList((), None, None)
    first, last = _marked(rows[0], order), _marked(rows[-1], order)
    if back:
        return ReportList(tuple(rows), last, first if more else None)
    return ReportList(tuple(rows), last if more else None, first if mark is not None else None)


def conditions(t: Transaction, wanted: ReportFilter) -> list[ColumnElement[bool]]:
    """What the filter asks of a row of `report`."""
    found: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (report.c.member_id, wanted.member_id),
            (report.c.location_id, wanted.location_id),
            (report.c.template_id, wanted.template_id),
            (report.c.state, wanted.state),
        )
        if value is not None
    ]
    if wanted.text is not None:
        found.append(_says(t, wanted.text))
    if wanted.waiting:
        found.append(report.c.instance_id.in_(_incomplete(t)))
    if wanted.since is not None:
        found.append(report.c.received >= wanted.since)
    if wanted.until is not None:
        found.append(report.c.received < wanted.until)
    return found


def count_reports(t: Transaction, actor: Actor, wanted: ReportFilter) -> int:
    """How many reports `list_reports` would go through."""
    seen = visible(t, actor, report.c.member_id, report.c.location_id)
    return int(t.scalar(t.select(report, func.count()).where(seen, *conditions(t, wanted))))


def count_states(t: Transaction, actor: Actor, wanted: ReportFilter) -> dict[str, int]:
    """How many of the reports are in each state, whatever state the filter names; MOST_COUNTED + 1 for more."""
    everywhere = msgspec.structs.replace(wanted, state=None)
    seen = visible(t, actor, report.c.member_id, report.c.location_id)
    counts = []
    for state in STATES:
        some = t.select(report, report.c.instance_id).where(report.c.state == state, seen, *conditions(t, everywhere))
        bounded = some.limit(MOST_COUNTED + 1).subquery()
        counts.append(select(func.count()).select_from(bounded).scalar_subquery().label(state))
    row = t.connection.execute(select(*counts)).one()
    return {state: int(getattr(row, state)) for state in STATES}


def read_rows(t: Transaction, actor: Actor, instance_ids: Sequence[str]) -> list[ReportRow]:
    """The lines of those of these reports that `actor` may read, in this order."""
    rows = t.all(
        t.select(
            report,
            *report.c,
            member.c.name.label("member_name"),
            location.c.name.label("location_name"),
            template.c.title.label("template_title"),
        )
        .join(member, member.c.member_id == report.c.member_id)
        .outerjoin(location, and_(location.c.location_id == report.c.location_id, t.owns(location)))
        .outerjoin(template, and_(template.c.template_id == report.c.template_id, t.owns(template)))
        .where(
            t.owns(member),
            report.c.instance_id.in_(instance_ids),
            visible(t, actor, report.c.member_id, report.c.location_id),
        )
    )
    files = _count_files(t, instance_ids)
    names = [name for name in ReportRow.__struct_fields__ if name not in {"files", "files_held"}]
    lines = {}
    for row in rows:
        announced, held = files.get(row.instance_id, (0, 0))
        told = {name: getattr(row, name) for name in names}
        lines[row.instance_id] = ReportRow(**told, files=announced, files_held=held)
    return [lines[instance_id] for instance_id in instance_ids if instance_id in lines]


class _Mark(msgspec.Struct, frozen=True):
    """Where a page ended: the group (an author, a place, a state) or title, when it was received, which report."""

    key: str
    received: str
    instance_id: str

    @classmethod
    def read(cls, text: str | None) -> "_Mark | None":
        """The mark of this text, which a browser gives back; None for what cannot be one."""
        parts = (text or "").split(" ", 2)
        if len(parts) != 3 or not parts[1] or "\x00" in (text or ""):  # PostgreSQL takes no NUL
            return None
        return cls(parts[2], parts[0], parts[1])


def _marked(row: ReportRow, order: Order) -> str:
    keys = {
        "received": "",
        "title": row.title,
        "author": row.member_id,
        "place": row.location_id or "",
        "state": row.state,
    }
    return f"{row.received} {row.instance_id} {keys[order.by]}"


class _Stretch:
    """The rows of one page, from its mark on, in the direction of going: back from a mark they come nearest first."""

    def __init__(
        self,
        t: Transaction,
        actor: Actor,
        narrowed: Select[Any],
        wanted: ReportFilter,
        *,
        order: Order,
        mark: _Mark | None,
        back: bool,
        limit: int,
    ) -> None:
        self._t = t
        self._actor = actor
        self._narrowed = narrowed
        self._wanted = wanted
        self._order = order
        self._mark = mark
        self._back = back
        self._limit = limit

    def lined(self) -> list[Row[Any]]:
        """In an order of one line: by when it was received, or by title."""
        by_title = self._order.by == "title"
        keys = (report.c.title if by_title else report.c.received, report.c.instance_id)
        rising = by_title != (self._order.turned != self._back)
        statement = self._narrowed
        if self._mark is not None:
            first = self._mark.key if by_title else self._mark.received
            statement = statement.where(_past(keys, (first, self._mark.instance_id), rising=rising))
        return self._t.all(_sorted(statement, keys, rising=rising).limit(self._limit))

    def grouped(self) -> list[Row[Any]]:
        """Group after group: the index of each author, place and state is by time. Every group that is gone through
        has a row to show, so there are at most as many as rows."""
        column = _GROUPED[self._order.by]
        keys = (report.c.received, report.c.instance_id)
        found: list[Row[Any]] = []
        for group, entered in self._groups():
            statement = self._narrowed.where(column.is_(None) if group == "" else column == group)
            if entered and self._mark is not None:
                at = (self._mark.received, self._mark.instance_id)
                statement = statement.where(_past(keys, at, rising=self._back))
            found += self._t.all(_sorted(statement, keys, rising=self._back).limit(self._limit - len(found)))
            if len(found) >= self._limit:
                break
        return found

    def _groups(self) -> Iterator[tuple[str, bool]]:
        """The groups from the mark's on, and whether it is that one, begun already."""
        if self._mark is not None:
            yield self._mark.key, True
        start = None if self._mark is None else self._mark.key
        rising = self._order.turned == self._back
        groups = self._states(start, rising) if self._order.by == "state" else self._named(start, rising)
        for group in groups:
            yield group, False

    def _states(self, start: str | None, rising: bool) -> list[str]:
        states = list(STATES if rising else reversed(STATES))
        return states[states.index(start) + 1 :] if start in states else states

    def _named(self, start: str | None, rising: bool) -> list[str]:
        """Authors or places with a report to show, by name; "" stands for no place, which is the last."""
        table, key = (member, member.c.member_id) if self._order.by == "author" else (location, location.c.location_id)
        nowhere = [""] if self._order.by == "place" else []
        if start == "":
            if rising:
                return []
            nowhere, start = [], None
        statement = self._with_reports(table, key)
        keys = (func.lower(table.c.name), key)
        if start is not None:
            name = self._t.select(table, func.lower(table.c.name)).where(key == start).scalar_subquery()
            statement = statement.where(_past(keys, (name, start), rising=rising))
        rows = self._t.all(_sorted(statement, keys, rising=rising).limit(self._limit))
        names = [row[0] for row in rows]
        if rising:
            return names + nowhere
        return names if self._mark is not None else nowhere + names

    def _with_reports(self, table: Table, key: ColumnElement[str]) -> Select[Any]:
        column = _GROUPED[self._order.by]
        one = (
            select(report.c.instance_id)
            .where(
                self._t.owns(report),
                column == key,
                visible(self._t, self._actor, report.c.member_id, report.c.location_id),
                *conditions(self._t, self._wanted),
            )
            .correlate(table)
            .exists()
        )
        return self._t.select(table, key).where(one)


_GROUPED: dict[str, ColumnElement[Any]] = {
    "author": report.c.member_id,
    "place": report.c.location_id,
    "state": report.c.state,
}


def _past(keys: tuple[Any, Any], at: tuple[Any, Any], *, rising: bool) -> ColumnElement[bool]:
    return tuple_(*keys) > tuple_(*at) if rising else tuple_(*keys) < tuple_(*at)


def _sorted(statement: Select[Any], keys: tuple[Any, Any], *, rising: bool) -> Select[Any]:
    return statement.order_by(*(key.asc() if rising else key.desc() for key in keys))


def _says(t: Transaction, text: str) -> ColumnElement[bool]:
    """Whether some revision of the report has all of these words, in any case, in its title, text or answers."""
    written = (revision.c.title, revision.c.text, revision.c.answer_words)
    words = text.split(maxsplit=_MOST_WORDS - 1) or [text]
    return (
        select(revision.c.revision_id)
        .where(
            t.owns(revision),
            revision.c.instance_id == report.c.instance_id,
            *(or_(*(column.icontains(word, autoescape=True) for column in written)) for word in words),
        )
        .correlate(report)
        .exists()
    )


def _incomplete(t: Transaction) -> Select[tuple[str]]:
    """The reports with files that are not held yet, found from those few files."""
    return (
        select(revision.c.instance_id)
        .select_from(media)
        .join(revision_media, revision_media.c.media_id == media.c.media_id)
        .join(revision, revision.c.revision_id == revision_media.c.revision_id)
        .where(t.owns(media), t.owns(revision_media), t.owns(revision), media.c.held.is_(None))
    )


def _count_files(t: Transaction, instance_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many files the reports have, in all their versions, and how many of them are here."""
    held = case((media.c.held.is_not(None), media.c.media_id))
    rows = t.all(
        t.select(
            revision,
            revision.c.instance_id,
            func.count(media.c.media_id.distinct()).label("files"),
            func.count(held.distinct()).label("held"),
        )
        .join(revision_media, revision_media.c.revision_id == revision.c.revision_id)
        .join(media, media.c.media_id == revision_media.c.media_id)
        .where(t.owns(revision_media), t.owns(media), revision.c.instance_id.in_(instance_ids))
        .group_by(revision.c.instance_id)
    )
    return {row.instance_id: (row.files, row.held) for row in rows}
