"""One report in full, and what lists of reports have in common."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from uuid6 import uuid7

from protocol.changes import Mark
from protocol.templates import Template
from rules.clock import format_utc
from rules.review import MAX_COMMENT, MAX_MARK_WORDS, MAX_WORDS
from rules.zones import zone_of
from server import access
from server.accounts.rights import not_found
from server.problems import ProblemError
from server.reports.history import history
from server.reports.listing import ReportFilter, ReportRow
from server.reports.reading import (
    FileRow,
    ReportDetail,
    RevisionRow,
    newest_with_file,
    read_report,
)
from server.reports.reviewing import may_decide
from server.sync.filing import may_correct
from server.web.answers import Block, answer_blocks
from server.web.files import Kind, kind_of
from server.web.marking import mark_views, typed_marks
from server.web.places import Places
from server.web.visit import Visit
from server.web.words import Words

MOST_CHOSEN = 50
"""Lines of a list, and so the most reports that are decided about at once."""


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list of reports; `zone` is that of its location. `choice` is what its box in the list sends: which
    report, which version and decision are shown; empty where the reader has nothing to decide."""

    instance_id: str
    title: str
    state: str
    member: str
    location: str
    zone: str
    received: str
    files: int
    missing: int
    checklist: str = ""
    choice: str = ""


class FileView(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a version; `percent` of it is here; `unfit`: a picture that cannot be shown."""

    media_id: str
    name: str
    size_text: str
    held: bool
    percent: int
    kind: Kind
    unfit: bool


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """One version as it was written; `checklist` names the one it was filled with, `blocks` are its answers."""

    revision_id: str
    title: str
    text: str
    location: str
    written_at: str
    zone: str
    offset_minutes: int
    grade_text: str
    received: str
    receipt_key: str
    late: bool
    files: tuple[FileView, ...]
    checklist: str
    blocks: list[Block]

    @property
    def troubles(self) -> int:
        """How many answers are missing or do not fit."""
        return sum(bool(answer.trouble) for block in self.blocks for answer in block.answers)

    @property
    def other_files(self) -> list[FileView]:
        """The files that belong to no answer."""
        answered = {media_id for block in self.blocks for answer in block.answers for media_id in answer.media}
        return [one for one in self.files if one.media_id not in answered]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What the filter above the list says, as it was typed."""

    text: str = ""
    state: str = ""
    location: str = ""
    checklist: str = ""
    member: str = ""
    since: str = ""
    until: str = ""


@get("/reports/{instance_id:str}", sync_to_thread=True)
def report_page(visit: NamedDependency[Visit], instance_id: FromPath[str], done: FromQuery[str] = "") -> Response[Any]:
    """One report. That somebody else opened it is recorded in the same transaction."""
    return show_report(visit, instance_id, good=done_sentences(visit.words).get(done, ""))


def show_report(
    visit: Visit,
    instance_id: str,
    *,
    refusal: ProblemError | None = None,
    good: str = "",
    words: str = "",
    marks: Sequence[Mark] = (),
    comment: str = "",
) -> Response[Any]:
    """The page; after a refusal with its sentence and with what was typed. Raises as for a report that is not there."""
    with visit.write() as t:
        places = Places.of(t)
        found = read_report(t, visit.actor, instance_id)
        if found is None:
            raise not_found("report")
        owner = found.summary.member_id
        if owner != visit.actor.member_id:
            access.record(t, visit.actor, "view", "report", instance_id, subject_id=owner)
        own = owner == visit.actor.member_id
        listed = history(t, instance_id)
        correctable = own and may_correct(t, visit.actor, instance_id)
        now = t.now
    language, zone = visit.words, places.zone(found.summary.location_id, "")
    return visit.page(
        "report.html",
        refusal=refusal,
        now=now,
        report=found.summary,
        versions=[_version(language, one, places, zone) for one in found.revisions if one.head],
        history=listed.rows,
        all_versions=listed.total,
        zone=zone,
        reviews=found.reviews,
        marks=mark_views(language, found),
        marked=typed_marks(found.reviews[0].marks) if _stands(found) else {},
        typed_marks=typed_marks(marks),
        most_mark=MAX_MARK_WORDS,
        comments=found.comments,
        may_decide=may_decide(visit.actor, owner),
        decisions=state_names(language),
        own=own,
        correctable=correctable,
        comment_id=str(uuid7()),
        most_words=MAX_WORDS,
        most_comment=MAX_COMMENT,
        typed_words=words,
        typed_comment=comment,
        good=good,
    )


@get("/reports/{instance_id:str}/files/{media_id:str}", sync_to_thread=True)
def file_page(visit: NamedDependency[Visit], instance_id: FromPath[str], media_id: FromPath[str]) -> Response[Any]:
    """One file of a report enlarged, with ways to the ones beside it. Opening it counts as opening the report."""
    with visit.write() as t:
        having = newest_with_file(t, instance_id, media_id)
        found = read_report(t, visit.actor, instance_id, [having]) if having is not None else None
        holder = next((one for one in found.revisions if one.revision_id == having), None) if found else None
        if found is None or holder is None:
            raise not_found("file")
        owner = found.summary.member_id
        if owner != visit.actor.member_id:
            access.record(t, visit.actor, "view", "report", instance_id, subject_id=owner)
    files = [_file(visit.words, one) for one in holder.files]
    at = next(index for index, one in enumerate(files) if one.media_id == media_id)
    return visit.page(
        "file.html",
        report=found.summary,
        one=files[at],
        before=files[at - 1] if at else None,
        after=files[at + 1] if at + 1 < len(files) else None,
        number=at + 1,
        all=len(files),
    )


def _stands(found: ReportDetail) -> bool:
    """Whether the latest decision is what the report's state says."""
    return bool(found.reviews) and found.reviews[0].decision == found.summary.state


def report_lines(
    rows: tuple[ReportRow, ...], places: Places, choices: Mapping[str, str] = MappingProxyType({})
) -> list[ReportLine]:
    """The lines of a list; `choices` by instance id."""
    return [
        ReportLine(
            instance_id=row.instance_id,
            title=row.title,
            state=row.state,
            member=row.member_name,
            location=row.location_name or "",
            zone=places.zone(row.location_id),
            received=row.received,
            files=row.files,
            missing=row.files - row.files_held,
            checklist=row.template_title or "",
            choice=choices.get(row.instance_id, ""),
        )
        for row in rows
    ]


def state_names(words: Words) -> dict[str, str]:
    """The review states in words."""
    _ = words
    return {
        "received": _("Received"),
        "edited": _("Edited"),
        "returned": _("Returned"),
        "approved": _("Approved"),
        "rejected": _("Rejected"),
    }


def done_sentences(words: Words) -> dict[str, str]:
    """What was just done, by the name that the address carries."""
    _ = words
    return {
        "approved": _("The report is approved. Its author reads so in the app and here."),
        "returned": _("The report is returned. Its author reads your words in the app and here, and can correct it."),
        "rejected": _("The report is rejected. Its author reads your words in the app and here."),
        "sent": _("Your report is here. You can close this page."),
        "corrected": _("Your correction is here and stands now."),
        "here": _("Your report is here; it arrived once, however often it was sent."),
        "beside": _(
            "Your version is here. Another version came before it, so both stand side by side: correct the report to "
            "say what holds."
        ),
        "closed": _(
            "The time your organization gives for changing a report is over. Write a comment, or ask for the report to "
            "be returned to you."
        ),
        "commented": _("The comment is here. Everybody who may read the report can read it."),
    }


def done_in_list(words: Words, done: str, changed: int) -> str:
    """What was just done to several reports."""
    if done not in {"approved", "returned"} or not 0 < changed <= MOST_CHOSEN:
        return ""
    if done == "approved":
        return words.count("%(num)d report is approved.", "%(num)d reports are approved.", changed)
    return words.count("%(num)d report is returned.", "%(num)d reports are returned.", changed)


def size_text(words: Words, size: int) -> str:
    """A size in bytes for people, in powers of 1000."""
    if size < 1000:
        return words.count("%(num)d byte", "%(num)d bytes", size)
    if size < 999_500:
        return words("%(amount)d kB", amount=round(size / 1000))
    if size < 999_500_000:
        return words("%(amount).1f MB", amount=size / 1_000_000)
    return words("%(amount).1f GB", amount=size / 1_000_000_000)


def _version(words: Words, row: RevisionRow, places: Places, zone: str) -> VersionView:
    return VersionView(
        revision_id=row.revision_id,
        title=row.title,
        text=row.text,
        location=row.location_name or "",
        written_at=row.written_at,
        zone=zone or row.zone,
        offset_minutes=row.offset_minutes,
        grade_text=grade_text(words, row.grade),
        received=row.received,
        receipt_key=row.receipt.kid if row.receipt else "",
        late=row.late,
        files=tuple(_file(words, one) for one in row.files),
        checklist=checklist_text(words, row.template),
        blocks=answer_blocks(words, row, places),
    )


def checklist_text(words: Words, template: Template | None) -> str:
    """The name and version of the one that a report was filled with; empty without."""
    if template is None:
        return ""
    return words("%(checklist)s, version %(number)d", checklist=template.title, number=template.version)


def grade_text(words: Words, grade: str) -> str:
    """How well a time is known."""
    _ = words
    if grade == "device":
        return _("by the device's own clock, which nothing confirmed")
    return _("confirmed against this server's clock")


def _file(words: Words, row: FileRow) -> FileView:
    return FileView(
        media_id=row.media_id,
        name=row.name,
        size_text=size_text(words, row.size),
        held=row.held,
        percent=row.percent,
        kind=kind_of(row.content_type),
        unfit=row.unfit,
    )


def chosen_filter(chosen: Chosen, places: Places) -> ReportFilter:
    """What the filter narrows a list to; days begin as at the place."""
    zone = places.zone(chosen.location)
    return ReportFilter(
        member_id=chosen.member or None,
        location_id=chosen.location or None,
        template_id=chosen.checklist or None,
        state=chosen.state or None,
        text=chosen.text or None,
        since=_midnight(chosen.since, zone, 0),
        until=_midnight(chosen.until, zone, 1),
    )


def _midnight(day: str, zone: str, days_later: int) -> str | None:
    """The instant a day begins at the place, or None for what is no day (then it does not narrow the list)."""
    try:
        start = date.fromisoformat(day) + timedelta(days=days_later)
    except (ValueError, OverflowError):
        return None
    return format_utc(datetime.combine(start, time(), zone_of(zone)))


def given(chosen: Chosen) -> dict[str, str]:
    """What narrows the list, as a query."""
    return {name: value for name, value in msgspec.to_builtins(chosen).items() if value}


routes = [report_page, file_page]
