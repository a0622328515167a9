"""Pages by position and not by number: where one ended, as text that a browser gives back."""

from sqlalchemy import ColumnElement, and_, or_, true


def mark(time: str, row_id: str) -> str:
    """The position of the last row of a page, in lists by time."""
    return f"{time} {row_id}"


def beyond(text: str, time: ColumnElement[str], row_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The rows after a mark in a list that is newest first. A text that cannot be a mark is none: the list begins at
    its start."""
    found = _read(text)
    return true() if found is None else or_(time < found[0], and_(time == found[0], row_id < found[1]))


def following(text: str, time: ColumnElement[str], row_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The same in a list that is oldest first."""
    found = _read(text)
    return true() if found is None else or_(time > found[0], and_(time == found[0], row_id > found[1]))


def _read(text: str) -> tuple[str, str] | None:
    at, _, last = text.partition(" ")
    return (at, last) if last and "\x00" not in text else None  # PostgreSQL takes no NUL
