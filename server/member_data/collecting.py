"""Where everything about a member lies: the rows of which tables are theirs, and what of a row is never handed out.

It is the rows as they are, under the names that the tables have, so that nothing is left out by a view of them. A test
holds this list against all tables: one that names a member is in it, or in WITHHELD with the reason.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, Table, or_

from server.storage.attendance_tables import (
    ask_withdrawal,
    attendance_ask,
    event_media,
    held_entry,
)
from server.storage.database import Transaction
from server.storage.privacy_tables import erasure_request, policy_answer
from server.storage.schedule_tables import shift, shift_group, shift_member
from server.storage.tables import (
    access_grant,
    access_record,
    attendance_cancellation,
    attendance_event,
    enrolment,
    group_membership,
    kiosk_worker,
    location,
    media,
    member,
    member_group,
    operation,
    receipt,
    report,
    report_comment,
    review,
    review_mark,
    revision,
    revision_media,
    revision_parent,
    token_family,
    upload,
    web_session,
)

PAGE = 32
"""Rows that are in memory at once; an operation may have a MiB."""

Condition = Callable[[Transaction, str], ColumnElement[bool]]

WITHHELD: Mapping[str, str] = {
    "access_token": "holds nothing but a hash of a key that lasts minutes",
    "authorization_code": "holds nothing but a hash of a code that lasts minutes",
    "attendance_look": "what managers noted for themselves; that they looked is in the access log",
    "attendance_closing": "who closed days is in the access log",
    "change": "copies of the same, waiting for devices",
    "screen": "who made one is in the access log",
    "template_draft": "of the organization; who changed it last is not about them",
    "template_version": "of the organization; who published it is in the access log",
}
"""Tables that name a member and are not handed out, and why."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One file of rows: `theirs` says which, `hidden` are columns that are secrets or hashes of them."""

    name: str
    table: Table
    theirs: Condition
    hidden: frozenset[str] = frozenset()


def _own(table: Table, column: str = "member_id") -> Condition:
    return lambda _t, member_id: table.c[column] == member_id


def _of_reports(table: Table) -> Condition:
    return lambda t, member_id: table.c.instance_id.in_(
        t.select(report, report.c.instance_id).where(report.c.member_id == member_id)
    )


def _of_revisions(table: Table) -> Condition:
    def theirs(t: Transaction, member_id: str) -> ColumnElement[bool]:
        reports = t.select(report, report.c.instance_id).where(report.c.member_id == member_id)
        revisions = t.select(revision, revision.c.revision_id).where(revision.c.instance_id.in_(reports))
        return table.c.revision_id.in_(revisions)

    return theirs


def _of_events(t: Transaction, member_id: str) -> ColumnElement[bool]:
    return event_media.c.event_id.in_(_events(t, member_id))


def _events(t: Transaction, member_id: str) -> Select[Any]:
    return t.select(attendance_event, attendance_event.c.event_id).where(attendance_event.c.member_id == member_id)


def _comments(t: Transaction, member_id: str) -> ColumnElement[bool]:
    return or_(_of_reports(report_comment)(t, member_id), report_comment.c.member_id == member_id)


def _groups(t: Transaction, member_id: str) -> Select[Any]:
    return t.select(group_membership, group_membership.c.group_id).where(group_membership.c.member_id == member_id)


def _shifts(t: Transaction, member_id: str) -> ColumnElement[bool]:
    named = t.select(shift_member, shift_member.c.shift_id).where(shift_member.c.member_id == member_id)
    grouped = t.select(shift_group, shift_group.c.shift_id).where(shift_group.c.group_id.in_(_groups(t, member_id)))
    return or_(shift.c.everybody, shift.c.shift_id.in_(named), shift.c.shift_id.in_(grouped))


SECTIONS = (
    Section(name="account", table=member, theirs=_own(member), hidden=frozenset({"password_hash"})),
    Section(name="groups", table=member_group, theirs=lambda t, one: member_group.c.group_id.in_(_groups(t, one))),
    Section(name="groups-since", table=group_membership, theirs=_own(group_membership)),
    Section(name="rights", table=access_grant, theirs=_own(access_grant)),
    Section(name="kiosk", table=kiosk_worker, theirs=_own(kiosk_worker), hidden=frozenset({"pin_hash"})),
    Section(name="sign-ins-of-apps", table=token_family, theirs=_own(token_family)),
    Section(
        name="sign-ins-of-browsers",
        table=web_session,
        theirs=_own(web_session),
        hidden=frozenset({"secret_sha256", "csrf"}),
    ),
    Section(name="enrolment-codes", table=enrolment, theirs=_own(enrolment), hidden=frozenset({"code_sha256"})),
    Section(name="reports", table=report, theirs=_own(report)),
    Section(name="reports-versions", table=revision, theirs=_of_reports(revision)),
    Section(name="reports-versions-before", table=revision_parent, theirs=_of_revisions(revision_parent)),
    Section(name="reports-files", table=revision_media, theirs=_of_revisions(revision_media)),
    Section(name="reports-decisions", table=review, theirs=_of_reports(review)),
    Section(name="reports-marks", table=review_mark, theirs=_of_reports(review_mark)),
    Section(name="reports-comments", table=report_comment, theirs=_comments),
    Section(name="decisions-about-others", table=review, theirs=_own(review)),
    Section(name="receipts", table=receipt, theirs=_own(receipt)),
    Section(name="attendance", table=attendance_event, theirs=_own(attendance_event)),
    Section(name="attendance-undone", table=attendance_cancellation, theirs=_own(attendance_cancellation)),
    Section(name="attendance-files", table=event_media, theirs=_of_events),
    Section(name="attendance-asked", table=attendance_ask, theirs=_own(attendance_ask)),
    Section(name="attendance-asked-withdrawn", table=ask_withdrawal, theirs=_own(ask_withdrawal)),
    Section(name="attendance-held", table=held_entry, theirs=_own(held_entry)),
    Section(name="shifts", table=shift, theirs=_shifts),
    Section(name="shifts-by-name", table=shift_member, theirs=_own(shift_member)),
    Section(name="files", table=media, theirs=_own(media)),
    Section(name="files-under-way", table=upload, theirs=_own(upload)),
    Section(name="as-it-was-sent", table=operation, theirs=_own(operation)),
    Section(
        name="access-log",
        table=access_record,
        theirs=lambda _t, one: or_(access_record.c.subject_id == one, access_record.c.actor == one),
    ),
    Section(name="policy-answers", table=policy_answer, theirs=_own(policy_answer)),
    Section(name="erasure-requests", table=erasure_request, theirs=_own(erasure_request)),
    Section(name="places", table=location, theirs=lambda _t, _one: location.c.active.is_not(None)),
)
"""Every file of rows. What is kept of log data bears no member, so it cannot be found here; the app lists it."""

_PEOPLE = ("member_id", "actor", "decided_by", "recorded_by", "answered_by", "created_by")
"""Columns that name whoever did something."""


def rows_of(t: Transaction, member_id: str, section: Section, people: set[str]) -> Iterator[bytes]:
    """The rows of a section as JSON, one by one; whom they name is added to `people`."""
    table = section.table
    shown = [column for column in table.c if column.name not in {*section.hidden, "organization_id"}]
    wanted = t.select(table, *shown).where(section.theirs(t, member_id)).order_by(*table.primary_key.columns)
    for row in t.connection.execute(wanted.execution_options(yield_per=PAGE)):
        told = {name: _plain(value) for name, value in row._mapping.items()}
        people.update(told[name] for name in _PEOPLE if isinstance(told.get(name), str))
        yield msgspec.json.encode(told)


def names_of(t: Transaction, people: set[str]) -> Iterator[bytes]:
    """Who those are that the rows name by id."""
    for row in t.all(t.select(member, member.c.member_id, member.c.name).order_by(member.c.member_id)):
        if row.member_id in people:
            yield msgspec.json.encode({"member_id": row.member_id, "name": row.name})


def _plain(value: Any) -> Any:
    """Bytes are JSON wherever a table has them here."""
    return msgspec.Raw(value) if isinstance(value, bytes) else value
