"""A report as a PDF, made without a browser: the words here, the setting in a confined process."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, get
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath

from rules.sentence import Sentence
from server import access
from server.accounts.rights import not_found
from server.confined.document import Block, Document
from server.confined.running import Limits, UndoneError, UnfitError, run_confined
from server.exports.names import safe_name
from server.media.content import contents_of
from server.media.renditions import Rendition, Renditions, is_picture
from server.problems import problem
from server.reports.reading import FileRow, ReportDetail, RevisionRow, read_report
from server.storage.objects import Objects
from server.turns import Turns
from server.web.answers import AnswerView, answer_blocks
from server.web.marking import mark_views
from server.web.places import Places
from server.web.reports import checklist_text, grade_text, size_text, state_names
from server.web.times import Clock
from server.web.visit import Visit
from server.web.words import Words

_turns = Turns(
    2, Sentence("Other PDFs of yours are still being made. Wait until they have come, then ask for this one again.")
)
_workers = ThreadPoolExecutor(2, thread_name_prefix="paper")
"""Beside the threads that answer requests: setting a long report takes a processor for a minute."""
_LIMITS = Limits(memory=1024**3, output=256 * 1024**2, processor_seconds=60, clock_seconds=60)


class _Told(msgspec.Struct, frozen=True):
    """A report with the clock and zone in which it is told."""

    report: ReportDetail
    words: Words
    clock: Clock
    zone: str
    places: Places

    @property
    def standing(self) -> list[RevisionRow]:
        """The versions that stand, the newest first."""
        return [one for one in self.report.revisions if one.head]

    def time(self, at: str, row: RevisionRow) -> str:
        """The hour at the place, as plain text."""
        return self.clock.full(at, self.zone or row.zone, row.offset_minutes).striptags()


@get("/reports/{instance_id:str}/pdf")
async def pdf(
    visit: NamedDependency[Visit],
    objects: NamedDependency[Objects],
    renditions: NamedDependency[Renditions],
    instance_id: FromPath[str],
) -> Response[Any]:
    """The report with its photos. That somebody else took it is recorded."""
    with _turns.take(visit.actor.member_id):
        told = await sync_to_thread(_read, visit, instance_id)
        files = [file for version in told.standing for file in version.files]
        shown = await _pictures(visit, renditions, files)
        content = await asyncio.wrap_future(_workers.submit(_printed, visit, told, shown, objects))
    name = f"{safe_name(told.report.summary.title, 'report')}.pdf"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)


def _read(visit: Visit, instance_id: str) -> _Told:
    with visit.write() as t:
        found = read_report(t, visit.actor, instance_id)
        if found is None:
            raise not_found("report")
        owner = found.summary.member_id
        if owner != visit.actor.member_id:
            access.record(t, visit.actor, "export", "report", instance_id, subject_id=owner, detail="kind=pdf")
        places = Places.of(t)
        zone = places.zone(found.summary.location_id, "")
        return _Told(found, visit.words, Clock(visit.words, t.now), zone, places)


async def _pictures(visit: Visit, renditions: Renditions, files: list[FileRow]) -> dict[str, Rendition]:
    """What is shown of the files that are pictures; one after the other is fast enough, as most are there already."""
    wanted = {file.media_id for file in files if file.held and not file.unfit and is_picture(file.content_type)}

    def contents() -> list[Any]:
        with visit.read() as t:
            return list(contents_of(t, sorted(wanted)))

    made = {}
    for content in await sync_to_thread(contents):
        rendition = await renditions.make(visit.actor.organization_id, content)
        if rendition is not None:
            made[content.media_id] = rendition
    return made


def _printed(visit: Visit, told: _Told, shown: dict[str, Rendition], objects: Objects) -> bytes:
    order = list(shown)
    document = _document(visit, told, order, tuple(one.large[1] for one in shown.values()))

    def given() -> Any:
        yield msgspec.json.encode(document) + b"\n"
        for one in shown.values():
            yield from one.stream(objects, "large")

    try:
        return run_confined("paper", given(), _LIMITS)
    except (UnfitError, UndoneError):
        detail = "This report could not be made into a PDF. Print its page from the browser instead."
        raise problem("no-pdf", 500, "No PDF", detail) from None


def _document(visit: Visit, told: _Told, order: list[str], sizes: tuple[int, ...]) -> Document:
    _ = told.words
    blocks = [*_facts(told)]
    for version in told.standing:
        blocks += _version(told, version, order)
    blocks += _decisions(told)
    blocks += _comments(told)
    return Document(
        language=_.language,
        right_to_left=_.direction == "rtl",
        above=visit.session.organization,
        title=told.report.summary.title or _("Without a title"),
        page=_("Page {page} of {pages}"),
        no_letters=_("The fonts of this server do not have some letters of this report; they are shown as ?."),
        blocks=tuple(blocks),
        sizes=sizes,
    )


def _facts(told: _Told) -> list[Block]:
    _ = told.words
    report, newest = told.report.summary, told.standing[0]
    receipt = _("Signed with key %(key)s", key=newest.receipt.kid) if newest.receipt else _("Not issued yet")
    facts = (
        (_("State"), state_names(_)[report.state]),
        (_("Written by"), report.member_name),
        (_("Location"), report.location_name or _("None given")),
        *([(_("Checklist"), checklist_text(_, newest.template))] if newest.template else []),
        (_("Written"), f"{told.time(newest.written_at, newest)}\n{grade_text(_, newest.grade)}"),
        (_("Received"), told.time(newest.received, newest)),
        (_("Receipt"), receipt),
    )
    return [Block(kind="fact", name=name, text=text) for name, text in facts]


def _version(told: _Told, version: RevisionRow, order: list[str]) -> list[Block]:
    _ = told.words
    blocks = []
    if version is told.standing[0]:
        blocks.append(Block(kind="heading", text=_("Report")))
    else:
        said = _("The other version, written %(time)s", time=told.time(version.written_at, version))
        blocks += [Block(kind="heading", text=version.title or _("Without a title")), Block(kind="soft", text=said)]
    answers = _answers(told, version)
    if version.text or not answers:
        blocks.append(Block(kind="text", text=version.text or _("The title is all that was written.")))
    blocks += answers
    pictures = [file for file in version.files if file.media_id in order]
    if pictures:
        numbers = tuple(order.index(file.media_id) for file in pictures)
        blocks.append(Block(kind="pictures", pictures=numbers, captions=tuple(file.name for file in pictures)))
    others = [file for file in version.files if file.media_id not in order]
    if others:
        listed = "\n".join(f"{file.name} · {size_text(_, file.size)}" for file in others)
        blocks += [Block(kind="heading", text=_("Other files")), Block(kind="soft", text=listed)]
    return blocks


def _answers(told: _Told, version: RevisionRow) -> list[Block]:
    """What was asked and answered, as the page of the report has it; photos are told by the names they have below."""
    names = {file.media_id: file.name for file in version.files}
    blocks = []
    for block in answer_blocks(told.words, version, told.places):
        blocks += [Block(kind="heading", text=block.heading)] if block.heading else []
        for one in block.answers:
            blocks.append(Block(kind="fact", name=one.label, text=_answer(told.words, one, names)))
    return blocks


def _answer(words: Words, one: AnswerView, names: dict[str, str]) -> str:
    results = {"": "", "pass": words("Pass"), "fail": words("Fail")}
    files = [names[media_id] for media_id in one.media if media_id in names]
    said = [results.get(one.result, words("Not applicable")), one.text, *files, one.trouble]
    return "\n".join(line for line in said if line) or words("Not answered")


def _decisions(told: _Told) -> list[Block]:
    _ = told.words
    marks = mark_views(_, told.report)
    blocks = []
    for one in told.report.reviews:
        by = _("by %(name)s, %(time)s", name=one.by, time=told.time(one.at, told.standing[0]))
        blocks.append(Block(kind="soft", text=f"{state_names(_)[one.decision]} {by}"))
        blocks += [Block(kind="text", text=one.words)] if one.words else []
        blocks += [Block(kind="fact", name=mark.place, text=mark.words) for mark in marks[one.review_id]]
    return [Block(kind="heading", text=_("Decisions")), *blocks] if blocks else []


def _comments(told: _Told) -> list[Block]:
    _ = told.words
    blocks = []
    for one in told.report.comments:
        blocks.append(Block(kind="soft", text=f"{one.by} · {told.time(one.at, told.standing[0])}"))
        blocks.append(Block(kind="text", text=one.text))
    return [Block(kind="heading", text=_("Comments")), *blocks] if blocks else []


routes = [pdf]
