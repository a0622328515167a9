"""The pages of writing a report, correcting one and copying one."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from uuid6 import uuid7

from protocol.changes import LocationView
from protocol.operations import ManifestEntry, ReportRevision
from rules.media.names import safe_shown
from rules.review import media_mark
from rules.sentence import Sentence
from rules.templates.carrying import locations_of, with_media
from rules.templates.filling import sendable
from server.accounts.minting import Mint
from server.accounts.rights import not_found
from server.attendance.choosing import by_ids, find_places, open_session, recent_places
from server.attendance.reading import Present
from server.bounds import is_id
from server.media import copying
from server.media.taking import Stores, entries, take
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.reports.reading import ReportDetail, read_report
from server.storage.database import Transaction
from server.sync.filing import SENT_BEFORE, file_report, may_correct, sent_as
from server.templates.reading import list_all, version_of
from server.turns import Turns
from server.web import rendering
from server.web.files import kind_of
from server.web.filing.answers import with_files
from server.web.filing.beginnings import copied, own_report, standing
from server.web.filing.checklists import Checklist, checklist_of, files_in, with_answers, with_checklist
from server.web.filing.controls import Control, controls, faults
from server.web.filing.form import ReportForm, moment
from server.web.filing.marks import Marked, marked
from server.web.posted import Posted, PostedFile, read_posted
from server.web.reports import size_text
from server.web.session import Session, WebRequest, check_token
from server.web.visit import Visit
from server.web.words import Words

_UNFINISHED = "urn:miratag:problem:checklist-unfinished"
MOST_BYTES = 8 * 1024 * 1024
"""Of text in a form; four fifths of it are for percent signs, where a browser sends it so."""
MOST_POSTED = 1024**3
"""Of a form with its files, when they come without the script; with it a file has the organization's limit."""
_turns = Turns(
    3,
    Sentence(
        "Several forms of yours are still on their way. Wait until they have come, then go back and press Send again."
    ),
)
"""Each form may hold a file on this server's disk, and where the sign-in has ended, its words in memory."""
_RECENT = 5
_FOUND = 20


class PlaceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One place to choose; `why` says why it is offered."""

    location_id: str
    name: str
    address: str
    why: str = ""


class FileLine(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is here and goes with the report; `picture`: a small one of it can be shown. `mark` as a control."""

    media_id: str
    name: str
    size_text: str
    picture: bool
    mark: str | None


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """The places of the form; `found` of them have the words that were looked for, and `more` say others do too."""

    places: list[PlaceLine]
    found: int
    more: bool


@get("/me/reports/new", sync_to_thread=False)
def begin(
    visit: NamedDependency[Visit],  # noqa: ARG001 (signed in)
    copy: FromQuery[str] = "",
    template: FromQuery[str] = "",
) -> Response[Any]:
    """A new report, under an address of its own: going back to it, or loading it again, is the same report."""
    asked = {name: value for name, value in (("copy", copy), ("template", template)) if value}
    query = f"?{urlencode(asked)}" if asked else ""
    return Redirect(f"/me/reports/new/{uuid7()}{query}", status_code=303)


@get("/me/reports/new/{instance_id:str}", sync_to_thread=True)
def new_page(
    visit: NamedDependency[Visit],
    instance_id: FromPath[str],
    copy: FromQuery[str] = "",
    template: FromQuery[str] = "",
) -> Response[Any]:
    """The empty form, of a checklist where one is named, or one that begins as another report of the person's."""
    if not is_id(instance_id):
        raise not_found("page")
    with visit.read() as t:
        if read_report(t, visit.actor, instance_id) is not None:
            return Redirect(f"/reports/{instance_id}?done=here", status_code=303)
        session = open_session(t, visit.actor)
        form = ReportForm.new(instance_id, place=(session.location_id or "") if session else "")
        if not copy:
            return _show(t, visit, with_checklist(t, visit.actor, form, template), session)
        form, missing = copied(t, visit, form, own_report(t, visit, copy))
        return _show(t, visit, form, session, missing=missing)


@get("/reports/{instance_id:str}/edit", sync_to_thread=True)
def correct_page(visit: NamedDependency[Visit], instance_id: FromPath[str]) -> Response[Any]:
    """The form with what stands, to send another version of it."""
    with visit.read() as t:
        found = own_report(t, visit, instance_id)
        if not may_correct(t, visit.actor, instance_id):
            return Redirect(f"/reports/{instance_id}?done=closed", status_code=303)
        form = ReportForm.new(instance_id, **standing(found))
        return _show(t, visit, form, open_session(t, visit.actor), found)


@post("/me/reports/{instance_id:str}", request_max_body_size=MOST_POSTED)
async def send(
    *,
    request: WebRequest,
    mint: NamedDependency[Mint],
    visitor: NamedDependency[Session | None],
    stores: NamedDependency[Stores],
    instance_id: FromPath[str],
) -> Response[Any]:
    """Send it, or show it again: with places found, or with what is wrong and everything as it was. A sign-in that
    ended meanwhile loses no word either: the form is shown again, and sends nothing before it is pressed anew."""
    with _turns.take(visitor.actor.member_id if visitor else f"from {request.client.host if request.client else ''}"):
        posted = await read_posted(
            request, token=visitor.csrf if visitor else "", most_text=MOST_BYTES, most_file=MOST_POSTED
        )
        try:
            form = _form_of(visitor, instance_id, posted)
            if visitor is None:
                carried = [(name, one) for name, all_of in posted.form.fields.items() for one in all_of]
                return rendering.page(
                    request, "filing_ended.html", status=401, form=form, address=request.url.path, carried=carried
                )
            visit = Visit(request=request, database=stores.database, mint=mint, session=visitor)
            return await sync_to_thread(_answer, visit, stores, form, posted)
        finally:
            posted.close()


def _form_of(visitor: Session | None, instance_id: str, posted: Posted) -> ReportForm:
    """What was typed. Raises a problem for what is no form of ours: that another page sent it goes before how it is
    made, and only a form that can be shown again keeps its words when its token is missing."""
    try:
        return ReportForm.posted(instance_id, posted.form)
    except ProblemError:
        if visitor is not None:
            check_token(visitor, posted.form)
        raise


def _answer(visit: Visit, stores: Stores, form: ReportForm, posted: Posted) -> Response[Any]:
    refusal: ProblemError | None = None
    form = with_answers(visit, form, posted.form)
    try:
        check_token(visit.session, posted.form)
    except ProblemError as error:
        return _again(visit, form, error)
    for one in posted.files:
        try:
            media_id = _taken(visit, stores, form, one)
            form = _with_file(form, one.field, media_id)
        except ProblemError as error:
            refusal = refusal or error
    if refusal is not None or posted.form.one("do") != "send":
        return _again(visit, form, refusal)
    return _sent(visit, stores.keys, form)


def _with_file(form: ReportForm, field: str, media_id: str) -> ReportForm:
    """The form with a file where it was chosen: with the report, or with an answer."""
    path = field.removeprefix("files.")
    if path != field and form.template:
        return msgspec.structs.replace(form, answers=with_files(form.answers, path, [media_id]))
    return msgspec.structs.replace(form, files=tuple(dict.fromkeys([*form.files, media_id])))


def _taken(visit: Visit, stores: Stores, form: ReportForm, one: PostedFile) -> str:
    """The media id of a file that came with the form. Raises ProblemError when it is not taken."""
    with visit.read() as t:
        most = min(MOST_POSTED, policy_payload(t).max_media_bytes)
    if one.too_large or one.size > most:
        raise problem(
            "file-too-large",
            413,
            "File too large",
            Sentence(
                "“%(name)s” is larger than %(most)d MB. Shorten or shrink it, or attach it in the app.",
                name=safe_shown(one.name),
                most=most // 1_000_000,
            ),
            field="files",
            limit=most,
        )
    return take(stores, visit.actor, form.instance_id, one.name, one.content, keep=form.keep)


def _sent(visit: Visit, keys: SigningKeys, form: ReportForm) -> Response[Any]:
    try:
        with visit.write() as t:
            session = open_session(t, visit.actor)
            filed = file_report(t, keys, visit.actor, form.operation_id, _body(t, visit, form, session))
    except ProblemError as refusal:
        return _again(visit, form, refusal)
    done = {"accepted": "corrected" if form.parents else "sent", "duplicate": "here", "conflict": "beside"}[filed]
    return Redirect(f"/reports/{form.instance_id}?done={done}", status_code=303)


def _body(t: Transaction, visit: Visit, form: ReportForm, session: Present | None) -> ReportRevision:
    """The version that the form makes. Raises a problem when something of its checklist does not fit yet."""
    zone = next((one.zone for one in by_ids(t, [form.place])), "") or form.zone or (session.zone if session else "")
    checklist = checklist_of(t, visit.actor, form)
    kept = checklist.judgement.kept if checklist else {}
    wanted = list(dict.fromkeys([*form.files, *(files_in(checklist.template, kept) if checklist else ())]))
    media = entries(t, visit.actor, wanted)
    if checklist is not None and checklist.judgement.troubles:
        raise _unfinished()
    others = copying.of_others(t, form.instance_id, wanted)
    copies = copying.copied(t, visit.actor, form.instance_id, media) if others else {}
    media = [copies.get(one.media_id, one) for one in media if one.media_id in copies or one.media_id not in others]
    if len(media) < len(wanted):
        raise _file_gone()
    body = form.revision(moment(t.now, zone), tuple(media), checklist.template.title if checklist else "")
    before = sent_as(t, visit.actor, form.parents[-1]) if form.parents else None
    here = session.event_id if session else None
    return msgspec.structs.replace(
        body,
        check_in_id=before.check_in_id if before else here,
        template_id=form.template if checklist else None,
        template_version=form.version if checklist else None,
        answers=sendable(_naming(checklist, kept, media, copies)) if checklist else (),
    )


def _naming(
    checklist: Checklist, answers: dict[str, Any], media: list[ManifestEntry], copies: dict[str, ManifestEntry]
) -> dict[str, Any]:
    """The answers with the copies in place of the originals that they name."""
    if not copies:
        return answers
    ids = {one.media_id: one.media_id for one in media} | {old: new.media_id for old, new in copies.items()}
    return with_media(checklist.template.fields, answers, ids)


def _again(visit: Visit, form: ReportForm, refusal: ProblemError | None = None) -> Response[Any]:
    with visit.read() as t:
        found = read_report(t, visit.actor, form.instance_id)
        if found is not None and refusal is not None and refusal.problem.type == SENT_BEFORE:
            form = form.following(tuple(one.revision_id for one in reversed(found.revisions) if one.head))
        return _show(t, visit, form, open_session(t, visit.actor), found, refusal=refusal)


def _show(
    t: Transaction,
    visit: Visit,
    form: ReportForm,
    session: Present | None,
    found: ReportDetail | None = None,
    *,
    refusal: ProblemError | None = None,
    missing: int = 0,
) -> Response[Any]:
    checklist = checklist_of(t, visit.actor, form)
    tell = refusal is not None and refusal.problem.type == _UNFINISHED
    marks = marked(visit.words, found, form.removed)
    files = _file_lines(t, visit, form, marks)
    return visit.page(
        "filing.html",
        refusal=refusal,
        now=t.now,
        form=form,
        missing=missing,
        report=found.summary if found else None,
        returned=next(iter(found.reviews), None) if found and found.summary.state == "returned" else None,
        marks=marks.lines(checklist.judgement.shown if checklist else (), files),
        marked=marks.at,
        offered=_offered(t, visit, form, session),
        others=[one for one in found.revisions if one.head][1:] if found else [],
        files=files,
        checklist=checklist.template if checklist else None,
        checklists=[] if form.parents else list_all(t, active_only=True),
        controls=_controls(visit, form, checklist, marks, tell=tell),
        faults=faults(visit.words, checklist.judgement) if checklist and tell else [],
        state=msgspec.json.encode(form.answers).decode(),
    )


def _controls(
    visit: Visit, form: ReportForm, checklist: Checklist | None, marks: Marked, *, tell: bool
) -> tuple[Control, ...]:
    if checklist is None:
        return ()
    fields = checklist.template.fields
    return controls(visit.words, fields, form.answers, checklist.judgement, tell=tell, marks=marks.at)


def _file_lines(t: Transaction, visit: Visit, form: ReportForm, marks: Marked) -> dict[str, FileLine]:
    """The files of the form and of its answers, by their ids."""
    template = version_of(t, form.template, form.version) if form.template else None
    ids = [*form.files, *(files_in(template, form.answers) if template else ())]
    return {one.media_id: _file_line(visit.words, one, marks) for one in entries(t, visit.actor, ids)}


def _offered(t: Transaction, visit: Visit, form: ReportForm, session: Present | None) -> Offered:
    """Where the person is first, then the one chosen, then what they looked for, else where they last were."""
    _ = visit.words
    found = find_places(t, form.find, _FOUND + 1) if form.find.strip() else []
    here = [session.location_id] if session and session.location_id else []
    template = version_of(t, form.template, form.version) if form.template else None
    answered = locations_of(template.fields, form.answers) if template else []
    named = [one for one in (form.place, *answered) if is_id(one)]
    first = {one.location_id: one for one in by_ids(t, [*here, *named])}
    lines: dict[str, PlaceLine] = {}

    def offer(one: LocationView, why: str = "") -> None:
        line = PlaceLine(location_id=one.location_id, name=one.name, address=one.address, why=why)
        lines.setdefault(one.location_id, line)

    for location_id in here:
        if location_id in first:
            offer(first[location_id], _("where you are checked in"))
    for location_id in named:
        if location_id in first:
            offer(first[location_id])
    for one in found[:_FOUND] if form.find.strip() else recent_places(t, visit.actor, _RECENT):
        offer(one)
    return Offered(places=list(lines.values()), found=len(found), more=len(found) > _FOUND)


def _file_line(words: Words, one: ManifestEntry, marks: Marked) -> FileLine:
    return FileLine(
        media_id=one.media_id,
        name=one.name,
        size_text=size_text(words, one.size),
        picture=kind_of(one.content_type) == "picture",
        mark=marks.at.get(media_mark(one.media_id)),
    )


def _unfinished() -> ProblemError:
    return problem(
        "checklist-unfinished",
        422,
        "Not complete yet",
        "Some answers are missing or do not fit, so nothing was sent. They are named below; all else stays as it is.",
    )


def _file_gone() -> ProblemError:
    return problem(
        "file-gone",
        409,
        "A file is gone",
        "A file of this form is not on the server any more, so nothing was sent. Choose the file again and press Send.",
        field="files",
    )


routes = [begin, new_page, correct_page, send]
