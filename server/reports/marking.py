"""The places of a report that a manager marks when returning it: the text, files, answers. They never change."""

from collections.abc import Sequence

from protocol.changes import Decision, Mark
from rules.review import MAX_MARK_WORDS, MAX_MARKS, is_mark_path, marked_media
from rules.sentence import Sentence
from server.bounds import check_text
from server.problems import problem
from server.storage.database import Transaction
from server.storage.tables import review_mark, revision_media


def checked_marks(t: Transaction, decision: Decision, revision_id: str, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks as they are kept: trimmed words, each place once, in the order given. Raises ProblemError for marks of
    anything but a return, of places that the revision does not have, with too many words."""
    if not marks:
        return ()
    if decision != "returned":
        detail = (
            "Places are marked for correction. Return the report with them, or take the marks away and decide again."
        )
        raise problem("marks-not-returned", 400, "Marked places", detail, field="marks")
    kept = {mark.path: Mark(path=mark.path, words=mark.words.replace("\r\n", "\n").strip()) for mark in marks}
    if len(kept) > MAX_MARKS:
        detail = Sentence(
            "%(marks)d places are marked; %(most)d is the most. Say the rest in the words.",
            marks=len(kept),
            most=MAX_MARKS,
        )
        raise problem("too-many-marks", 400, "Too many marks", detail, field="marks", limit=MAX_MARKS)
    files = t.execute(
        t.select(revision_media, revision_media.c.media_id).where(revision_media.c.revision_id == revision_id)
    ).scalars()
    held = set(files)
    for mark in kept.values():
        media_id = marked_media(mark.path)
        if not is_mark_path(mark.path) or (media_id is not None and media_id not in held):
            detail = "One of the marked places is not in this version of the report. Load the page again and mark anew."
            raise problem("unknown-place", 400, "Unknown place", detail, field="marks")
        check_text(mark.words, "What you wrote at a marked place", "marks", MAX_MARK_WORDS)
    return tuple(kept.values())


def keep_marks(t: Transaction, instance_id: str, review_ordinal: int, marks: Sequence[Mark]) -> None:
    """Keep the marks of a decision, in this order."""
    for ordinal, mark in enumerate(marks):
        t.insert(
            review_mark,
            instance_id=instance_id,
            review_ordinal=review_ordinal,
            ordinal=ordinal,
            path=mark.path,
            words=mark.words,
        )


def marks_of(t: Transaction, instance_ids: Sequence[str]) -> dict[tuple[str, int], tuple[Mark, ...]]:
    """The marks of these reports, by report and the ordinal of the decision they belong to."""
    rows = t.all(
        t.select(review_mark)
        .where(review_mark.c.instance_id.in_(instance_ids))
        .order_by(review_mark.c.instance_id, review_mark.c.review_ordinal, review_mark.c.ordinal)
    )
    found: dict[tuple[str, int], tuple[Mark, ...]] = {}
    for row in rows:
        decision, mark = (row.instance_id, row.review_ordinal), Mark(path=row.path, words=row.words)
        found[decision] = (*found.get(decision, ()), mark)
    return found
