"""Publishing a version ahead of the day from which it holds. It blocks nobody's work and turns nothing on."""

from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from protocol.privacy import PolicyTextSummary
from rules.clock import format_utc, parse_utc
from rules.sentence import Sentence
from server.bounds import check_name
from server.policy_texts.reading import summaries
from server.problems import problem
from server.storage.database import Database
from server.storage.privacy_tables import policy_text

MAX_TEXT = 200_000
"""Characters of a version."""
MAX_CHANGES = 2000
"""Characters of what is said to have changed."""
TITLE = "Privacy policy"


def publish(database: Database, *, title: str, text: str, effective: datetime, changes: str) -> PolicyTextSummary:
    """Publish the next version, which holds from `effective` (in UTC) on. Raises ProblemError when a part is missing
    or too long, or when it would hold from before today, or from before the version that it follows."""
    now = database.now()
    try:
        with database.server_wide() as connection:
            last = next(iter(summaries(connection)), None)
            _check(title, text, changes, first=last is None)
            if effective.date() < now.date() or (last is not None and effective < parse_utc(last.effective)):
                detail = "A version cannot hold from before today, or from before the one it follows. Give a later day."
                raise problem("bad-date", 400, "Too early", detail, field="effective")
            version = PolicyTextSummary(
                version=1 if last is None else last.version + 1,
                title=title.strip(),
                published=format_utc(now),
                effective=format_utc(effective),
                changes=changes.strip(),
            )
            _insert(connection, version, text)
    except IntegrityError:
        detail = "Another version was published at this very moment. Look at it, then publish yours again."
        raise problem("version-taken", 409, "Another version came first", detail) from None
    return version


def begin(database: Database, text: str) -> None:
    """Publish the first version, in force at once, where there is none."""
    with database.pre_tenant() as connection:
        if connection.execute(select(policy_text.c.version).limit(1)).first() is not None:
            return
    now = format_utc(database.now())
    try:
        with database.server_wide() as connection:
            _insert(connection, PolicyTextSummary(version=1, title=TITLE, published=now, effective=now), text)
    except IntegrityError:
        return  # another process that starts on the same database was first


def _insert(connection: Connection, version: PolicyTextSummary, text: str) -> None:
    columns = {name: getattr(version, name) for name in version.__struct_fields__}
    connection.execute(insert(policy_text).values(**columns, text=text.strip()))


def _check(title: str, text: str, changes: str, *, first: bool) -> None:
    check_name(title, "The title", "title")
    for field, value, most in (("text", text, MAX_TEXT), ("changes", changes, MAX_CHANGES)):
        if len(value) > most or "\x00" in value:
            too_long = Sentence("At most %(most)d characters, none of them invisible. Shorten it.", most=most)
            raise problem("too-long", 400, "Too long", too_long, field=field, limit=most)
    if not text.strip() or not (changes.strip() or first):
        detail = "A version needs its text, and a sentence that says what is different from the one before."
        raise problem("field-empty", 400, "Something is missing", detail, field="changes" if text.strip() else "text")
