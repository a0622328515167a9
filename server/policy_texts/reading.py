"""Reading the versions, by anybody, and what members say to them: that they accept one, or that they went on."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, func, select

from protocol.privacy import PolicyText, PolicyTextAnswer, PolicyTexts, PolicyTextSummary
from rules.clock import format_utc
from rules.paragraphs import Paragraph, compare
from server.problems import ProblemError, problem
from server.storage.database import Actor, Transaction
from server.storage.privacy_tables import policy_answer, policy_text

_compare = lru_cache(maxsize=32)(compare)
"""Anybody may ask, and two long texts take a while; a version never changes."""

_SUMMARY = (
    policy_text.c.version,
    policy_text.c.title,
    policy_text.c.published,
    policy_text.c.effective,
    policy_text.c.changes,
)


def summaries(connection: Connection) -> tuple[PolicyTextSummary, ...]:
    """Every version, newest first. Also before anybody has signed in (`Database.pre_tenant`)."""
    rows = connection.execute(select(*_SUMMARY).order_by(policy_text.c.version.desc()))
    return tuple(PolicyTextSummary(**row._mapping) for row in rows)


def read(connection: Connection, version: int) -> PolicyText:
    """One version. Raises a 404 problem when there is no such."""
    found = None
    if 0 < version < 2**31:
        found = connection.execute(select(policy_text).where(policy_text.c.version == version)).first()
    if found is None:
        raise _unknown()
    summary = PolicyTextSummary(
        version=found.version,
        title=found.title,
        published=found.published,
        effective=found.effective,
        changes=found.changes,
    )
    return PolicyText(summary=summary, text=found.text)


def in_force(connection: Connection, now: datetime) -> PolicyTextSummary | None:
    """The version that holds at `now`, if any does."""
    moment = format_utc(now)
    return next((one for one in summaries(connection) if one.effective <= moment), None)


def changes_of(connection: Connection, version: int) -> tuple[Paragraph, ...]:
    """A version with what is different from the one before it, paragraph by paragraph. Raises a 404 problem."""
    later = read(connection, version)
    return _compare(read(connection, version - 1).text if version > 1 else "", later.text)


def texts_for(t: Transaction, actor: Actor) -> PolicyTexts:
    """Every version, and what the actor has said to them."""
    return PolicyTexts(texts=summaries(t.connection), answers=answers(t, actor))


def answers(t: Transaction, actor: Actor) -> tuple[PolicyTextAnswer, ...]:
    """The actor's own, newest version first."""
    rows = t.all(
        t.select(policy_answer)
        .where(policy_answer.c.member_id == actor.member_id)
        .order_by(policy_answer.c.version.desc(), policy_answer.c.at)
    )
    return tuple(PolicyTextAnswer(version=row.version, how=row.how, at=row.at) for row in rows)


def answer(t: Transaction, actor: Actor, version: int, how: str) -> PolicyTextAnswer:
    """Note that the actor accepted a version, or went on after it was in force; of each the first stays. Raises a 404
    problem for an unknown version, a 409 for going on with one that does not hold yet."""
    summary = read(t.connection, version).summary
    if how == "continued_use" and summary.effective > t.now_text:
        detail = "This version does not hold yet, so nobody can have gone on under it. Ask again after its day."
        raise problem("not-in-force", 409, "Not in force yet", detail, field="how")
    t.insert_new(policy_answer, member_id=actor.member_id, version=version, how=how, at=t.now_text)
    return next(one for one in answers(t, actor) if (one.version, one.how) == (version, how))


def note_use(t: Transaction, actor: Actor) -> None:
    """That the actor uses the service under the version in force; noted once, and not where they accepted it."""
    current = in_force(t.connection, t.now)
    if current is not None and all(one.version != current.version for one in answers(t, actor)):
        answer(t, actor, current.version, "continued_use")


def unanswered(t: Transaction, actor: Actor) -> PolicyTextSummary | None:
    """The newest version, also one still to come, where the actor has said nothing to it; never the very first, which
    was there before them."""
    newest = next(iter(summaries(t.connection)), None)
    if newest is None or newest.version == 1:
        return None
    return None if any(one.version == newest.version for one in answers(t, actor)) else newest


def answered_by(t: Transaction, version: int) -> int:
    """How many members have said anything to a version."""
    said = t.select(policy_answer, func.count(func.distinct(policy_answer.c.member_id)))
    return int(t.scalar(said.where(policy_answer.c.version == version)) or 0)


def _unknown() -> ProblemError:
    detail = "There is no such version of the privacy policy. Look at the list of versions."
    return problem("unknown-policy-text", 404, "Not found", detail)
