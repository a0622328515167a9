"""The review state of a report: what its revisions and the latest decision make of it, in whatever order they came."""

from collections.abc import Collection

from protocol.changes import Decision, ReviewState

MAX_WORDS = 4000
"""Characters of a manager's words."""
MAX_COMMENT = 4000
"""Characters of a comment."""


def review_state(revisions: int, heads: Collection[str], decided: tuple[str, Decision] | None) -> ReviewState:
    """The state of a report with this many revisions, of which nobody has revised `heads`.

    `decided` is the latest decision and the revision it was about. It stands while that revision stands, alone:
    whatever was sent since wants to be looked at anew.
    """
    if decided is not None and list(heads) == [decided[0]]:
        return decided[1]
    return "edited" if revisions > 1 else "received"


def needs_words(decision: Decision) -> bool:
    """Whether a decision means nothing without words: what to correct, or why not."""
    return decision != "approved"
