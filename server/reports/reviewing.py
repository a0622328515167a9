"""Deciding about a report: a manager approves it, returns it to be corrected, or rejects it. Append-only.

A decision is about what its manager has read: it names the revision and the decision that were on the page, and is
refused in words when either has been overtaken meanwhile.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, func
from uuid6 import uuid7

from protocol.changes import Decision, Mark
from rules.review import MAX_WORDS, needs_words
from rules.sentence import Sentence
from server import access
from server.accounts.rights import not_found
from server.accounts.scope import visible
from server.bounds import check_text, is_id
from server.problems import ProblemError, problem
from server.reports.listing import ReportRow
from server.reports.marking import checked_marks, keep_marks, marks_of
from server.reports.revising import follow_newest_head, heads, heads_of, latest_review, publish_report
from server.storage.database import Actor, Transaction
from server.storage.members import lock_member
from server.storage.tables import report, review, revision

DECISIONS: tuple[Decision, ...] = ("returned", "approved", "rejected")
_MEANWHILE = {
    "returned": Sentence("%(name)s has returned this report meanwhile%(quoted)s."),
    "approved": Sentence("%(name)s has approved this report meanwhile%(quoted)s."),
    "rejected": Sentence("%(name)s has rejected this report meanwhile%(quoted)s."),
}
_DECIDING_ROLES = ("manager", "admin")


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a manager decides about `revision_id`. `seen` is the id of the latest decision that was shown, or empty;
    `marks` are the places to correct, of a return only."""

    instance_id: str
    revision_id: str
    seen: str
    decision: str
    words: str = ""
    marks: tuple[Mark, ...] = ()


def may_decide(actor: Actor, owner_id: str) -> bool:
    """Whether reports of `owner_id` are for `actor` to decide about, as far as they may see them: nobody judges their
    own work."""
    return actor.kind == "member" and actor.role in _DECIDING_ROLES and actor.member_id != owner_id


def decide(t: Transaction, actor: Actor, verdict: Verdict) -> None:
    """Keep a decision, tell the report's member, and record it; the same decision sent twice is kept once.

    Problems: not theirs to see (as if it did not exist) or to decide; words missing or too long; overtaken.
    """
    found = _find(t, actor, verdict.instance_id)
    if not may_decide(actor, found.member_id):
        raise problem(
            "not-allowed", 403, "Not allowed", "Your own reports are for another manager to decide. Ask one of them."
        )
    decision, words, marks = _checked(t, verdict)
    lock_member(t, found.member_id)
    last = latest_review(t, verdict.instance_id)
    if last is not None and last.review_id != verdict.seen:
        before = (last.member_id, last.revision_id, last.decision, last.words)
        same = before == (actor.member_id, verdict.revision_id, decision, words)
        if same and marks_of(t, [verdict.instance_id]).get((verdict.instance_id, last.ordinal), ()) == marks:
            return
        raise _overtaken(_MEANWHILE[last.decision].filled(name=last.by, quoted=_quoted(last.words)))
    _check_head(t, found, verdict)
    ordinal = t.scalar(t.select(review, func.count()).where(review.c.instance_id == verdict.instance_id))
    t.insert(
        review,
        review_id=str(uuid7()),
        instance_id=verdict.instance_id,
        ordinal=ordinal + 1,
        revision_id=verdict.revision_id,
        member_id=actor.member_id,
        decision=decision,
        words=words,
        at=t.now_text,
    )
    keep_marks(t, verdict.instance_id, ordinal + 1, marks)
    follow_newest_head(t, verdict.instance_id)
    publish_report(t, verdict.instance_id)
    access.record(t, actor, "review", "report", verdict.instance_id, subject_id=found.member_id, detail=decision)


def choices_of(t: Transaction, actor: Actor, rows: Sequence[ReportRow]) -> dict[str, str]:
    """For those of the reports that `actor` can decide about now: what names the version and decision that stand, to be
    sent back with `chosen_verdict`."""
    ids = [row.instance_id for row in rows if may_decide(actor, row.member_id)]
    decided = t.all(t.select(review).where(review.c.instance_id.in_(ids)).order_by(review.c.ordinal))
    seen = {row.instance_id: row.review_id for row in decided}
    return {
        instance_id: f"{instance_id} {standing[0]} {seen.get(instance_id, '')}".rstrip()
        for instance_id, standing in heads_of(t, ids).items()
        if len(standing) == 1
    }


def chosen_verdict(choice: str, decision: str, words: str) -> Verdict:
    """The verdict on one of `choices_of`. Whatever else was sent names no report, and so is not found."""
    instance_id, revision_id, seen = (*choice.split(" "), "", "", "")[:3]
    return Verdict(instance_id=instance_id, revision_id=revision_id, seen=seen, decision=decision, words=words)


def words_missing(decision: str) -> ProblemError:
    """The refusal of a decision that means nothing without words."""
    detail = (
        "Say what is to be corrected, so that the report can be sent again."
        if decision == "returned"
        else "Say why the report is rejected; its author reads it."
    )
    return problem("words-missing", 400, "Words are missing", detail, field="words")


def _find(t: Transaction, actor: Actor, instance_id: str) -> Row[Any]:
    if actor.role not in _DECIDING_ROLES or not is_id(instance_id):
        raise not_found("report")
    found = t.first(
        t.select(report).where(
            report.c.instance_id == instance_id, visible(t, actor, report.c.member_id, report.c.location_id)
        )
    )
    if found is None:
        raise not_found("report")
    return found


def _checked(t: Transaction, verdict: Verdict) -> tuple[Decision, str, tuple[Mark, ...]]:
    decision = next((one for one in DECISIONS if one == verdict.decision), None)
    if decision is None:
        raise problem("unknown-decision", 400, "Unknown decision", "Approve, return or reject: press one of them.")
    words = verdict.words.replace("\r\n", "\n").strip()
    marks = checked_marks(t, decision, verdict.revision_id, verdict.marks)
    if not words and needs_words(decision, marks):
        raise words_missing(decision)
    check_text(words, "What you wrote", "words", MAX_WORDS)
    return decision, words, marks


def _check_head(t: Transaction, found: Row[Any], verdict: Verdict) -> None:
    standing = heads(t, verdict.instance_id)
    if len(standing) > 1:
        raise _overtaken(
            Sentence("This report stands in two versions, written in two places; its author decides which one counts.")
        )
    if standing != [verdict.revision_id]:
        newest = t.connection.execute(t.select(revision).where(revision.c.revision_id == standing[-1])).one()
        before = t.first(
            t.select(revision).where(
                revision.c.revision_id == verdict.revision_id, revision.c.instance_id == found.instance_id
            )
        )
        raise _overtaken(_newer(before, newest))


def _newer(before: Row[Any] | None, newest: Row[Any]) -> Sentence:
    """That a newer version came, with what is new in it in few words."""
    if before is not None and before.title != newest.title:
        return Sentence("A newer version of this report has come, now called “%(title)s”.", title=newest.title)
    if before is not None and before.text != newest.text:
        return Sentence("A newer version of this report has come, with another text.")
    return Sentence("A newer version of this report has come.")


def _quoted(words: str) -> str:
    return f": “{words}”" if words else ""


def _overtaken(what: Sentence) -> ProblemError:
    detail = Sentence("%(what)s Nothing was decided. Read it as it stands now, then decide.", what=what)
    return problem("overtaken", 409, "Overtaken", detail)
