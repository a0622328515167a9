"""The review state of a report: what its revisions and the latest decision make of it, in whatever order they came."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from protocol.changes import Decision, Mark, ReviewState

MAX_WORDS = 4000
"""Characters of a manager's words."""
MAX_COMMENT = 4000
"""Characters of a comment."""
MAX_MARKS = 100
"""Places of one report that one decision marks."""
MAX_MARK_WORDS = 1000
"""Characters of the words at one of them."""
TEXT_MARK = "text"
_MEDIA_MARK = "media:"
_FIELD = "[a-z][a-z0-9_]{0,63}"
_ANSWER = re.compile(rf"{_FIELD}(\[[0-9]{{1,3}}\]\.{_FIELD})?")


def review_state(revisions: int, heads: Collection[str], decided: tuple[str, Decision] | None) -> ReviewState:
    """The state of a report with this many revisions, of which nobody has revised `heads`.

    `decided` is the latest decision and the revision it was about. It stands while that revision stands, alone:
    whatever was sent since wants to be looked at anew.
    """
    if decided is not None and list(heads) == [decided[0]]:
        return decided[1]
    return "edited" if revisions > 1 else "received"


def needs_words(decision: Decision, marks: Iterable[Mark] = ()) -> bool:
    """Whether a decision means nothing without words: what to correct, or why not. Words at a marked place say it."""
    return decision != "approved" and not any(mark.words for mark in marks)


def media_mark(media_id: str) -> str:
    """The path (protocol.changes.Mark) of a file."""
    return f"{_MEDIA_MARK}{media_id}"


def marked_media(path: str) -> str | None:
    """The media id that a path names, None for a path of something else."""
    return path.removeprefix(_MEDIA_MARK) if path.startswith(_MEDIA_MARK) else None


def is_mark_path(path: str) -> bool:
    """Whether a path can name a place of a report: the text, a file, an answer."""
    return path.startswith(_MEDIA_MARK) or _ANSWER.fullmatch(path) is not None


def may_revise(state: ReviewState, written: datetime, now: datetime, edit_hours: int) -> bool:
    """Whether the author may send another version of a report that they began at `written` (both aware): a returned one
    at any time, another within the hours that the organization gives."""
    return state == "returned" or now <= written + timedelta(hours=edit_hours)
