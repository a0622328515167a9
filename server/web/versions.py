"""The versions of a report: what each changed, and any two of them beside each other."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from server import access
from server.accounts.rights import not_found
from server.reports.comparing import Difference, compare
from server.reports.history import MOST_LISTED, History, VersionRow, first_version, history, number_of
from server.reports.reading import ReportDetail, RevisionRow, parents_of, read_report
from server.storage.database import Transaction
from server.web.places import Places
from server.web.visit import Visit
from server.web.words import Words


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One version in the list, what it continues, and what it changed in words."""

    version: VersionRow
    parent_id: str
    changed: tuple[str, ...]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One version to compare."""

    number: int
    revision_id: str
    written_at: str
    zone: str
    offset_minutes: int


@get("/reports/{instance_id:str}/versions", sync_to_thread=True)
def versions_page(
    visit: NamedDependency[Visit],
    instance_id: FromPath[str],
    *,
    earlier: FromQuery[str] = "",
    later: FromQuery[str] = "",
    page: FromQuery[str] = "",
) -> Response[Any]:
    """A page of the list, and two versions compared: those chosen, else the newest with the one it continues. Opening
    it counts as opening the report."""
    number = max(int(page), 1) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
    skip = (number - 1) * MOST_LISTED
    with visit.write() as t:
        places = Places.of(t)
        standing = read_report(t, visit.actor, instance_id)
        if standing is None:
            raise not_found("report")
        owner = standing.summary.member_id
        if owner != visit.actor.member_id:
            access.record(t, visit.actor, "view", "report", instance_id, subject_id=owner)
        listed = history(t, instance_id, skip)
        found = read_report(t, visit.actor, instance_id, _wanted(t, standing, listed, earlier, later))
        assert found is not None
        first, second = _chosen(found, earlier, later)
        choices = _choices(t, found, listed, (first, second))
    chosen = {name: value for name, value in (("earlier", earlier), ("later", later)) if value}
    at = f"/reports/{instance_id}/versions?"
    return visit.page(
        "versions.html",
        report=found.summary,
        lines=_lines(visit.words, listed, found),
        choices=choices,
        page=number if skip else 0,
        zone=places.zone(found.summary.location_id, ""),
        newer=at + urlencode(chosen | {"page": number - 1}) if skip else "",
        older=at + urlencode(chosen | {"page": number + 1}) if skip + MOST_LISTED < listed.total else "",
        earlier=first.revision_id,
        later=second.revision_id,
        difference=compare(first, second, {one.location_id: one.name for one in places.choices()}.get),
    )


def _wanted(t: Transaction, standing: ReportDetail, listed: History, earlier: str, later: str) -> set[str]:
    """The versions that the page reads in full: those of the list, those compared, and what each of them continues."""
    continuing = [row.parents for row in listed.rows] + [standing.revisions[0].parents]
    continuing += [tuple(some) for some in parents_of(t, [later]).values()]
    parents = {some[-1] for some in continuing if some}  # of several one: they are few only where nobody means harm
    return {row.revision_id for row in listed.rows} | parents | {earlier, later, first_version(t, standing)}


def _chosen(found: ReportDetail, earlier: str, later: str) -> tuple[RevisionRow, RevisionRow]:
    """The two versions to compare, as far as they are of this report: else the newest, and what the later continues."""
    by_id = {one.revision_id: one for one in found.revisions}
    second = by_id.get(later, found.revisions[0])
    return by_id.get(earlier) or _continued(by_id, second) or found.revisions[-1], second


def _choices(t: Transaction, found: ReportDetail, listed: History, compared: tuple[RevisionRow, ...]) -> list[Choice]:
    """What can be chosen to compare: the page of the list, and what is compared now."""
    numbers: dict[str, tuple[int, VersionRow | RevisionRow]] = {
        row.revision_id: (row.number, row) for row in listed.rows
    }
    for one in compared:
        if one.revision_id not in numbers:
            numbers[one.revision_id] = (number_of(t, found, one), one)
    return [
        Choice(
            number=number,
            revision_id=row.revision_id,
            written_at=row.written_at,
            zone=row.zone,
            offset_minutes=row.offset_minutes,
        )
        for number, row in sorted(numbers.values(), key=lambda one: -one[0])
    ]


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


def _lines(words: Words, listed: History, found: ReportDetail) -> list[VersionLine]:
    by_id = {one.revision_id: one for one in found.revisions}
    lines = []
    for row in listed.rows:
        one = by_id[row.revision_id]
        parent = _continued(by_id, one)
        changed = summary(words, compare(parent, one)) if parent is not None else (words("Written first"),)
        if len(row.parents) > 1:
            changed = (words("Decides between versions written in several places"), *changed)
        parent_id = parent.revision_id if parent is not None else ""
        lines.append(VersionLine(version=row, parent_id=parent_id, changed=changed))
    return lines


routes = [versions_page]
