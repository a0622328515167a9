"""What *done* erases: everything a member wrote, attached or had recorded with their attendance. What stays is what an
organization must be able to show without it: that there was something, its id, its time, whose it was, and why it was
corrected. So what is append-only stays a list without a hole.
"""

from typing import Any

from sqlalchemy import ColumnElement, Table, or_

from protocol.changes import ATTENDANCE, ATTENDANCE_ASK, COMMENT, RECEIPT, REPORT
from rules.sentence import Sentence
from server import access
from server.media import leftovers
from server.storage.attendance_tables import attendance_ask, attendance_look, event_media, held_entry
from server.storage.database import Actor, Transaction
from server.storage.members import lock_member
from server.storage.tables import (
    attendance_event,
    change,
    media,
    operation,
    receipt,
    rendition,
    report,
    report_comment,
    review,
    review_mark,
    revision,
    revision_media,
    upload,
    upload_part,
)

COVERS = Sentence(
    "Erased: the texts, answers, places and files of all reports of this member, with the comments on them and by this "
    "member, and what managers wrote about them; the notes, places, positions, codes, networks and photos of all "
    "attendance. Kept without these: that there was something, its id, time and kind, who it was of, reasons of "
    "corrections, the account, and the access log."
)
OF_FILES = "The files were out of reach with this answer; their bytes are removed after it, within a day."
"""What is said with COVERS under the signature, as objects go only when the answer holds."""
TITLE = "Erased"
"""What stands in place of the title of a report."""

_OF_ATTENDANCE: dict[str, Any] = {
    "note": "",
    "photos": 0,
    **dict.fromkeys(
        (
            "location_id",
            "code",
            "code_verdict",
            "code_step",
            "code_network",
            "network",
            "network_verdict",
            "address_verdict",
            "fence",
            "kiosk",
            "latitude",
            "longitude",
            "accuracy_m",
            "position_source",
        )
    ),
}
_TOLD = (REPORT, RECEIPT, COMMENT, ATTENDANCE, ATTENDANCE_ASK)


def _files_of(t: Transaction, member_id: str) -> tuple[str, ...]:
    """The keys of every object that holds a file of the member, or a smaller picture of one."""
    parts = t.select(upload_part, upload_part.c.object_key).join(upload, upload.c.upload_id == upload_part.c.upload_id)
    keys = [row.object_key for row in t.all(parts.where(t.owns(upload), upload.c.member_id == member_id))]
    small = t.select(rendition).join(media, media.c.media_id == rendition.c.media_id)
    for row in t.all(small.where(t.owns(media), media.c.member_id == member_id)):
        keys += [key for key in (row.small_key, row.large_key) if key is not None]
    return tuple(keys)


def erase_rows(t: Transaction, member_id: str, actor: Actor) -> str:
    """Erase what COVERS says, but for the objects, as those cannot come back when the transaction does not hold: they
    are noted, and `leftovers.remove` takes the id that is given back once it does."""
    lock_member(t, member_id)
    # Held, so that no request counts another piece while they go.
    t.all(t.select(upload, upload.c.upload_id).where(upload.c.member_id == member_id).with_for_update())
    keys = _files_of(t, member_id)
    _files(t, member_id)
    _reports(t, member_id)
    _attendance(t, member_id)
    own = operation.c.member_id == member_id
    # The digest of what was said would tell whether a guess of it is right.
    t.execute(t.update(operation).where(own).values(body=None, body_sha256=""))
    t.execute(t.update(receipt).where(receipt.c.member_id == member_id).values(statement=""))
    t.execute(t.delete(change).where(change.c.member_id == member_id, change.c.kind.in_(_TOLD)))
    access.record(t, actor, "erase", "member", member_id, subject_id=member_id, purpose="privacy")
    return leftovers.note(t, member_id, keys)


def _files(t: Transaction, member_id: str) -> None:
    own = t.select(media, media.c.media_id).where(media.c.member_id == member_id)
    for table in (revision_media, event_media, rendition):
        t.execute(t.delete(table).where(table.c.media_id.in_(own)))
    uploads = t.select(upload, upload.c.upload_id).where(upload.c.member_id == member_id)
    t.execute(t.delete(upload_part).where(upload_part.c.upload_id.in_(uploads)))
    t.execute(t.delete(upload).where(upload.c.member_id == member_id))
    t.execute(t.delete(media).where(media.c.member_id == member_id))


def _reports(t: Transaction, member_id: str) -> None:
    def of_theirs(table: Table) -> ColumnElement[bool]:
        reports = t.select(report, report.c.instance_id).where(report.c.member_id == member_id)
        return table.c.instance_id.in_(reports)

    nothing = {"title": TITLE, "text": "", "answers": None, "answer_words": None, "location_id": None}
    t.execute(t.update(revision).where(of_theirs(revision)).values(**nothing))
    said = or_(of_theirs(report_comment), report_comment.c.member_id == member_id)
    # What was said about somebody else's report waits for the devices of that one.
    told = t.select(report_comment, report_comment.c.comment_id).where(said)
    t.execute(t.delete(change).where(change.c.kind == COMMENT, change.c.entity.in_(told)))
    comments = t.select(report_comment, report_comment.c.operation_id).where(said)
    t.execute(t.update(operation).where(operation.c.operation_id.in_(comments)).values(body=None, body_sha256=""))
    t.execute(t.update(report_comment).where(said).values(text=""))
    t.execute(t.update(review).where(of_theirs(review)).values(words=""))
    t.execute(t.update(review_mark).where(of_theirs(review_mark)).values(words=""))
    t.execute(t.update(report).where(report.c.member_id == member_id).values(title=TITLE, location_id=None))


def _attendance(t: Transaction, member_id: str) -> None:
    events = t.select(attendance_event, attendance_event.c.event_id).where(attendance_event.c.member_id == member_id)
    t.execute(t.update(attendance_look).where(attendance_look.c.event_id.in_(events)).values(words=""))
    t.execute(t.update(attendance_event).where(attendance_event.c.member_id == member_id).values(**_OF_ATTENDANCE))
    asks = t.update(attendance_ask).where(attendance_ask.c.member_id == member_id)
    t.execute(asks.values(note=None, location_id=None, words=""))
    t.execute(t.update(held_entry).where(held_entry.c.member_id == member_id).values(words=""))
