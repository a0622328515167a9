"""Queries of one account, answered from its rows."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import TypedDict, get_args

import msgspec

from agent.api import (
    ActivityPage,
    AgentError,
    Draft,
    DraftItem,
    DraftList,
    ListActivity,
    ListDrafts,
    ListLocations,
    ListNews,
    ListTemplates,
    LocationItem,
    LocationList,
    MarkNote,
    MediaItem,
    News,
    NewsItem,
    NewsKind,
    OpenDraft,
    OpenedTemplate,
    OpenTemplate,
    ReportDetail,
    SettingsView,
    ShowReport,
    ShowSettings,
    TemplateList,
)
from agent.attendance.surroundings import Surroundings, look_around
from agent.runtime import attending, checklists, versions
from agent.runtime.answering import can_correct
from agent.runtime.attaching import attached, kept_files
from agent.runtime.views import Looks, activity_item, comment_item, media_item, review_note
from agent.runtime.workplace import Workplace
from agent.store import comments, drafts, locations, news, reports, templates
from agent.store.media import ReportFile
from agent.store.searching import Sought
from protocol.changes import LocationView
from rules.clock import format_utc, parse_utc
from rules.networks import found_network
from rules.report_text import split_title
from rules.templates.filling import answers_of

MAX_PAGE = 500


class _Writing(TypedDict):
    can_edit: bool
    edit_until: str
    draft_id: str | None
    comment_draft: str


AccountQuery = (
    ListActivity
    | ListDrafts
    | OpenDraft
    | ShowReport
    | ListLocations
    | ListNews
    | ListTemplates
    | OpenTemplate
    | ShowSettings
)
AccountAnswer = (
    ActivityPage | DraftList | Draft | ReportDetail | LocationList | News | TemplateList | OpenedTemplate | SettingsView
)


def answer(workplace: Workplace, query: AccountQuery, *, paused: bool) -> AccountAnswer:
    """Raises AgentError."""
    match query:
        case ListActivity():
            return list_activity(workplace, query, paused=paused)
        case ListDrafts() | ListNews() | ShowSettings():
            return _WHOLE[type(query)](workplace)
        case OpenDraft():
            return open_draft(workplace, query.draft_id)
        case ShowReport():
            return show_report(workplace, query, paused=paused)
        case ListLocations():
            return list_locations(workplace, query)
        case ListTemplates() | OpenTemplate():
            return workplace.store.read(lambda c: _of_templates(c, query))


def _of_templates(connection: sqlite3.Connection, query: ListTemplates | OpenTemplate) -> TemplateList | OpenedTemplate:
    if isinstance(query, ListTemplates):
        return checklists.list_templates(connection, query)
    return checklists.open_template(connection, query, versions.last_with_template(connection, query.template_id))


def list_activity(workplace: Workplace, query: ListActivity, *, paused: bool) -> ActivityPage:
    """One page, newest first. Raises AgentError usage for a position that is none."""
    limit = min(max(query.limit, 1), MAX_PAGE)
    after = _position(query.after)
    sought = Sought(
        search=query.search.strip(),
        needs_you=query.needs_you,
        state=query.state,
        location_id=query.location_id,
        template_id=query.template_id,
        since=_instant(query.since),
        until=_instant(query.until),
    )
    rows = workplace.store.read(lambda c: reports.activity(c, sought, after=after, limit=limit + 1))
    looks = workplace.looks(paused=paused)
    items = tuple(activity_item(row, looks, workplace.progress) for row in rows[:limit])
    return ActivityPage(items=items, next=items[-1].key if len(rows) > limit else None)


def show_report(workplace: Workplace, query: ShowReport, *, paused: bool) -> ReportDetail:
    """Raises AgentError not_found."""
    row = workplace.store.read(lambda c: reports.report(c, query.instance_id))
    files = workplace.store.read(lambda c: versions.report_files(c, row))
    looks: Looks = workplace.looks(paused=paused)
    shown = workplace.store.read(lambda c: versions.base(c, row))
    last = shown.revision if shown is not None else None
    template = workplace.store.read(lambda c: checklists.template_of(c, last))
    answers = answers_of(last.answers) if last is not None and template is not None else {}
    fields = template.fields if template is not None else ()
    refused = workplace.store.read(lambda c: reports.refused_field(c, query.instance_id))
    return ReportDetail(
        item=activity_item(row, looks, workplace.progress),
        text=row.text,
        media=tuple(_file(workplace, one) for one in files),
        receipt=workplace.store.read(lambda c: reports.verified_receipt(c, query.instance_id)),
        comments=tuple(
            comment_item(one, looks) for one in workplace.store.read(lambda c: comments.of_report(c, query.instance_id))
        ),
        can_correct=workplace.store.read(lambda c: can_correct(c, row)),
        template=template,
        answers=answers,
        places=workplace.store.read(lambda c: checklists.places(c, fields, answers)),
        versions=workplace.store.read(lambda c: versions.side_by_side(c, row)),
        text_here=last is not None,
        **_writing(workplace, row, can=last is not None and refused is None),
        refused=refused is not None,
        refused_path=checklists.place_of_refusal(last, refused) if refused and last is not None else "",
    )


def _file(workplace: Workplace, one: ReportFile) -> MediaItem:
    return media_item(one, workplace.original(one), workplace.thumbnails.find(one.media_id), workplace.uploading())


def _writing(workplace: Workplace, row: reports.ActivityRow, *, can: bool) -> _Writing:
    """Whether another version is offered, and what was begun and not sent."""
    until = format_utc(parse_utc(row.at) + timedelta(hours=workplace.policy().edit_hours))
    return {
        "can_edit": can and (bool(row.asks) or format_utc(workplace.clock.now()) < until),
        "edit_until": until,
        "draft_id": workplace.store.read(lambda c: drafts.of_report(c, row.item_id)),
        "comment_draft": workplace.store.read(lambda c: comments.draft(c, row.item_id)),
    }


def _marks(connection: sqlite3.Connection, instance_id: str | None) -> tuple[MarkNote, ...]:
    """The places that a returned report is to be corrected at."""
    row = reports.item(connection, instance_id) if instance_id is not None else None
    review = review_note(row) if row is not None else None
    return review.marks if review is not None and review.decision == "returned" else ()


def _title_of(connection: sqlite3.Connection, instance_id: str | None) -> str:
    """What a report is called as it stands."""
    row = reports.item(connection, instance_id) if instance_id is not None else None
    return row.title if row is not None else ""


def list_news(workplace: Workplace) -> News:
    """What was not told yet, oldest first."""
    pieces = workplace.store.read(news.untold)
    return News(items=tuple(msgspec.convert(one, NewsItem, from_attributes=True) for one in pieces))


def show_settings(workplace: Workplace) -> SettingsView:
    """What the person chose, and the organization's rules that a worker meets."""
    muted, rules = workplace.store.read(news.muted), workplace.policy()
    return SettingsView(
        told={kind: kind not in muted for kind in get_args(NewsKind)},
        network_evidence=attending.network_allowed(workplace),
        photo_max_edge=rules.photo_max_edge,
        max_media_bytes=rules.max_media_bytes,
        edit_hours=rules.edit_hours,
        keep_days=rules.keep_days,
    )


def list_locations(workplace: Workplace, query: ListLocations) -> LocationList:
    """Active places: favourites first, then those used lately, then by name."""
    around = look_around() if attending.network_allowed(workplace) else None

    def look(connection: sqlite3.Connection) -> LocationList:
        wished = query.search.strip().casefold()
        # SQLite compares only ASCII without case; names of places are of every language.
        found = [
            row
            for row in locations.offered(connection)
            if wished in f"{row['name']}\n{row['address']}".casefold()
            and query.location_id in (None, row["location_id"])
        ]
        some = found[: min(max(query.limit, 1), MAX_PAGE)]
        return LocationList(items=tuple(_location(row, around) for row in some), total=len(found))

    return workplace.store.read(look)


def _location(row: sqlite3.Row, around: Surroundings | None) -> LocationItem:
    known = False
    if around is not None and row["view"] is not None:
        place = msgspec.json.decode(row["view"], type=LocationView)
        known = bool(found_network(place, around.addresses, around.gateways))
    return LocationItem(
        location_id=row["location_id"],
        name=row["name"],
        address=row["address"],
        code_digits=row["code_digits"],
        favourite=bool(row["favourite"]),
        known_network=known,
    )


def list_drafts(workplace: Workplace) -> DraftList:
    """All drafts, last saved first."""

    def look(connection: sqlite3.Connection) -> DraftList:
        return DraftList(
            items=tuple(
                DraftItem(
                    draft_id=draft.draft_id,
                    title=split_title(draft.text)[0],
                    saved_at=draft.saved_at,
                    checklist=templates.title(connection, draft.template_id, draft.template_version),
                    edits=draft.edits,
                )
                for draft in drafts.all_drafts(connection)
            )
        )

    return workplace.store.read(look)


def open_draft(workplace: Workplace, draft_id: str) -> Draft:
    """Raises AgentError not_found."""

    def look(connection: sqlite3.Connection) -> Draft:
        draft = drafts.find(connection, draft_id)
        if draft is None:
            raise AgentError("not_found", "This draft was sent or discarded already.")
        place = connection.execute("SELECT name FROM location WHERE location_id = ?", (draft.location_id,)).fetchone()
        filled = templates.find(connection, draft.template_id, draft.template_version)
        template = filled.template() if filled is not None else None
        return Draft(
            draft_id=draft_id,
            text=draft.text,
            location_id=draft.location_id if place is not None else None,
            location=place["name"] if place is not None else "",
            place_chosen=draft.place_chosen and (place is not None or draft.location_id is None),
            media=(
                *kept_files(workplace, connection, draft),
                *(attached(workplace, row) for row in drafts.files(connection, draft_id)),
            ),
            edits=draft.edits,
            edits_title=_title_of(connection, draft.edits),
            marks=_marks(connection, draft.edits),
            saved_at=draft.saved_at,
            template=template,
            answers=draft.answers,
            newer=filled.newest if filled is not None and template and filled.newest > template.version else None,
            places=checklists.places(connection, template.fields if template else (), draft.answers),
        )

    return workplace.store.read(look)


def _instant(time: str | None) -> str | None:
    """In the one form that sorts."""
    if time is None:
        return None
    try:
        return format_utc(parse_utc(time))
    except ValueError:
        raise AgentError("usage", "This is not a time. Give it as 2026-01-31T08:00:00Z.") from None


def _position(after: str | None) -> tuple[str, str] | None:
    if after is None:
        return None
    at, _, item_id = after.partition(" ")
    if not item_id:
        raise AgentError("usage", "This is not a position in the list. Start from the top.")
    return at, item_id


_WHOLE: dict[type, Callable[[Workplace], DraftList | News | SettingsView]] = {
    ListDrafts: list_drafts,
    ListNews: list_news,
    ShowSettings: show_settings,
}
