"""The versions of a report: what each changed, and any two of them beside each other."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from server import access
from server.accounts.rights import not_found
from server.reports.comparing import Difference, compare
from server.reports.reading import ReportDetail, RevisionRow, read_report
from server.web.places import Places
from server.web.visit import Visit
from server.web.words import Words


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One version in the list: its number (1 is the oldest), when it was written, and what it changed in words."""

    number: int
    revision_id: str
    parent_id: str
    title: str
    written_at: str
    zone: str
    offset_minutes: int
    head: bool
    late: bool
    changed: tuple[str, ...]


@get("/reports/{instance_id:str}/versions", sync_to_thread=True)
def versions_page(
    visit: NamedDependency[Visit],
    instance_id: FromPath[str],
    *,
    earlier: FromQuery[str] = "",
    later: FromQuery[str] = "",
) -> Response[Any]:
    """The list, and two versions compared: those chosen, else the newest with the one it continues. Opening it counts
    as opening the report."""
    with visit.write() as t:
        places = Places.of(t)
        found = read_report(t, visit.actor, instance_id)
        if found is None:
            raise not_found("report")
        owner = found.summary.member_id
        if owner != visit.actor.member_id:
            access.record(t, visit.actor, "view", "report", instance_id, subject_id=owner)
    by_id = {one.revision_id: one for one in found.revisions}
    newest = found.revisions[0]
    second = by_id.get(later, newest)
    first = by_id.get(earlier) or _continued(by_id, second) or found.revisions[-1]
    return visit.page(
        "versions.html",
        report=found.summary,
        lines=_lines(visit.words, found, places.zone(found.summary.location_id, "")),
        earlier=first.revision_id,
        later=second.revision_id,
        difference=compare(first, second, {one.location_id: one.name for one in places.choices()}.get),
    )


def summary(words: Words, difference: Difference) -> tuple[str, ...]:
    """What changed, in a few words each."""
    said = []
    if difference.title_changed:
        said.append(words("Title"))
    if difference.text_changed:
        said.append(words("Text"))
    if difference.answers:
        said.append(words.count("%(num)d answer", "%(num)d answers", len(difference.answers)))
    if difference.location is not None:
        said.append(words("Location"))
    if difference.files_added:
        said.append(words.count("%(num)d file added", "%(num)d files added", len(difference.files_added)))
    if difference.files_removed:
        said.append(words.count("%(num)d file removed", "%(num)d files removed", len(difference.files_removed)))
    return tuple(said) or (words("Nothing that is shown"),)


def _continued(by_id: dict[str, RevisionRow], one: RevisionRow) -> RevisionRow | None:
    """The version that this one was written from, if it is here; of several the newest."""
    here = [by_id[parent] for parent in one.parents if parent in by_id]
    return max(here, key=lambda row: (row.written_at, row.revision_id), default=None)


def _lines(words: Words, found: ReportDetail, zone: str) -> list[VersionLine]:
    by_id = {one.revision_id: one for one in found.revisions}
    lines = []
    for index, one in enumerate(found.revisions):
        parent = _continued(by_id, one)
        changed = summary(words, compare(parent, one)) if parent is not None else (words("Written first"),)
        if len(one.parents) > 1:
            changed = (words("Decides between versions written in several places"), *changed)
        lines.append(
            VersionLine(
                number=len(found.revisions) - index,
                revision_id=one.revision_id,
                parent_id=parent.revision_id if parent is not None else "",
                title=one.title,
                written_at=one.written_at,
                zone=zone or one.zone,
                offset_minutes=one.offset_minutes,
                head=one.head,
                late=one.late,
                changed=changed,
            )
        )
    return lines


routes = [versions_page]
