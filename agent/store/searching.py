"""Which items of Activity a search and its filters find: an index of words, kept in step by triggers.

Every change of a report, an event or a place's name changes the index in the same transaction, whoever makes it.
"""

import re
import sqlite3

import msgspec

from agent.api import FilterState

_REVIEW = "json_extract(CAST(server AS TEXT), '$.state')"

TABLES = (
    f"CREATE INDEX report_review ON report ({_REVIEW}) WHERE server IS NOT NULL",
    """CREATE VIEW findable AS
        SELECT r.instance_id AS item_id, r.at, r.title, r.text, r.location_id, coalesce(l.name, '') AS place
        FROM report AS r LEFT JOIN location AS l USING (location_id)
        UNION ALL
        SELECT a.event_id, a.at, a.note, '', coalesce(a.location_id, i.location_id), coalesce(l.name, '')
        FROM attendance AS a LEFT JOIN attendance AS i ON i.event_id = a.check_in_id
        LEFT JOIN location AS l ON l.location_id = coalesce(a.location_id, i.location_id)""",
    # The same rows, kept: a place that is no longer known keeps here the name it had.
    """CREATE TABLE searchable (
        number INTEGER PRIMARY KEY, item_id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, title TEXT NOT NULL,
        text TEXT NOT NULL, location_id TEXT, place TEXT NOT NULL) STRICT""",
    "CREATE INDEX searchable_at ON searchable (at, item_id)",
    "CREATE INDEX searchable_location ON searchable (location_id, at, item_id)",
    """CREATE VIRTUAL TABLE words USING fts5 (title, text, place, content='searchable', content_rowid='number',
        tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')""",
    """CREATE TRIGGER searchable_added AFTER INSERT ON searchable BEGIN
        INSERT INTO words (rowid, title, text, place) VALUES (new.number, new.title, new.text, new.place); END""",
    """CREATE TRIGGER searchable_removed AFTER DELETE ON searchable BEGIN
        INSERT INTO words (words, rowid, title, text, place)
        VALUES ('delete', old.number, old.title, old.text, old.place); END""",
    """CREATE TRIGGER searchable_changed AFTER UPDATE OF title, text, place ON searchable BEGIN
        INSERT INTO words (words, rowid, title, text, place)
        VALUES ('delete', old.number, old.title, old.text, old.place);
        INSERT INTO words (rowid, title, text, place) VALUES (new.number, new.title, new.text, new.place); END""",
    "INSERT INTO searchable (item_id, at, title, text, location_id, place) SELECT * FROM findable",
    """CREATE TRIGGER report_added AFTER INSERT ON report BEGIN
        INSERT INTO searchable (item_id, at, title, text, location_id, place)
        SELECT * FROM findable WHERE item_id = new.instance_id; END""",
    """CREATE TRIGGER report_changed AFTER UPDATE OF title, text, location_id, at ON report
        WHEN (old.title, old.text, old.location_id, old.at) IS NOT (new.title, new.text, new.location_id, new.at) BEGIN
        UPDATE searchable SET (item_id, at, title, text, location_id, place)
        = (SELECT * FROM findable WHERE item_id = new.instance_id) WHERE item_id = new.instance_id; END""",
    """CREATE TRIGGER report_removed AFTER DELETE ON report BEGIN
        DELETE FROM searchable WHERE item_id = old.instance_id; END""",
    """CREATE TRIGGER event_added AFTER INSERT ON attendance BEGIN
        INSERT INTO searchable (item_id, at, title, text, location_id, place)
        SELECT * FROM findable WHERE item_id = new.event_id; END""",
    """CREATE TRIGGER event_changed AFTER UPDATE OF note, location_id, at ON attendance
        WHEN (old.note, old.location_id, old.at) IS NOT (new.note, new.location_id, new.at) BEGIN
        UPDATE searchable SET (item_id, at, title, text, location_id, place)
        = (SELECT * FROM findable WHERE item_id = new.event_id) WHERE item_id = new.event_id; END""",
    """CREATE TRIGGER event_removed AFTER DELETE ON attendance BEGIN
        DELETE FROM searchable WHERE item_id = old.event_id; END""",
    """CREATE TRIGGER location_added AFTER INSERT ON location BEGIN
        UPDATE searchable SET place = new.name WHERE location_id = new.location_id AND place <> new.name; END""",
    """CREATE TRIGGER location_renamed AFTER UPDATE OF name ON location BEGIN
        UPDATE searchable SET place = new.name WHERE location_id = new.location_id AND place <> new.name; END""",
)

# The answers of a checklist are found like the text.
WITH_ANSWERS = (
    "DROP VIEW findable",
    """CREATE VIEW findable AS
        SELECT r.instance_id AS item_id, r.at, r.title,
            iif(r.answers = '', r.text, r.text || char(10) || r.answers) AS text,
            r.location_id, coalesce(l.name, '') AS place
        FROM report AS r LEFT JOIN location AS l USING (location_id)
        UNION ALL
        SELECT a.event_id, a.at, a.note, '', coalesce(a.location_id, i.location_id), coalesce(l.name, '')
        FROM attendance AS a LEFT JOIN attendance AS i ON i.event_id = a.check_in_id
        LEFT JOIN location AS l ON l.location_id = coalesce(a.location_id, i.location_id)""",
    "DROP TRIGGER report_changed",
    """CREATE TRIGGER report_changed AFTER UPDATE OF title, text, answers, location_id, at ON report
        WHEN (old.title, old.text, old.answers, old.location_id, old.at)
            IS NOT (new.title, new.text, new.answers, new.location_id, new.at) BEGIN
        UPDATE searchable SET (item_id, at, title, text, location_id, place)
        = (SELECT * FROM findable WHERE item_id = new.instance_id) WHERE item_id = new.instance_id; END""",
)

# Whether a version that was written here later than the first is not yet part of what the server told.
PENDING = """EXISTS (SELECT 1 FROM revision AS v WHERE v.instance_id = r.instance_id AND v.edit
    AND NOT EXISTS (SELECT 1 FROM receipt AS c WHERE c.revision_id = v.revision_id)
    AND v.revision_id NOT IN (SELECT value FROM json_each(CAST(r.server AS TEXT), '$.heads')))"""

# As agent.runtime.views.item_state says it, but for what no row knows: saved, waiting and sending are one here.
# The plus keeps the index of times in charge: one walk, newest first, that ends when the page is full.
_TROUBLED = "+s.item_id IN (SELECT item_id FROM trouble)"
_ASKED = f"+s.item_id IN (SELECT instance_id FROM report AS r WHERE r.asks <> '' AND NOT {PENDING})"  # noqa: S608 # fixed
_CORRECTED = f"+s.item_id IN (SELECT instance_id FROM report AS r WHERE {PENDING})"  # noqa: S608 # fixed
_REVIEWED = f"+s.item_id IN (SELECT instance_id FROM report WHERE server IS NOT NULL AND {_REVIEW} IN (%s))"  # noqa: S608 # fixed
_ANY_REVIEW = _REVIEWED % "'edited', 'returned', 'approved', 'rejected'"
_UNDONE = (
    "+s.item_id IN (SELECT instance_id FROM report WHERE origin = 'here' AND done_at IS NULL"
    " UNION ALL SELECT event_id FROM attendance WHERE origin = 'here' AND done_at IS NULL)"
)


def _reviewed(state: str) -> str:
    return f"NOT {_TROUBLED} AND NOT {_CORRECTED} AND {_REVIEWED % repr(state)}"


_STATES: dict[FilterState, str] = {
    "needs_you": _TROUBLED,
    "waiting": f"NOT {_TROUBLED} AND ({_CORRECTED} OR NOT {_ANY_REVIEW} AND {_UNDONE})",
    "received": f"NOT {_TROUBLED} AND NOT {_CORRECTED} AND NOT {_ANY_REVIEW} AND NOT {_UNDONE}",
    "edited": _reviewed("edited"),
    "returned": _reviewed("returned"),
    "approved": _reviewed("approved"),
    "rejected": _reviewed("rejected"),
}

_TOKEN = re.compile(r"[^\W_]+")
# These are written without spaces: what stands between two breaks is no word, and is looked for anywhere.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """A search and its filters; `since` and `until` are RFC 3339 in the one form that sorts."""

    search: str = ""
    needs_you: bool = False
    state: FilterState | None = None
    location_id: str | None = None
    template_id: str | None = None
    since: str | None = None
    until: str | None = None


def find(connection: sqlite3.Connection, sought: Sought, after: tuple[str, str] | None, limit: int) -> list[str]:
    """The ids of up to `limit` items after the position (time, id), newest first."""
    conditions, values = _conditions(sought)
    if conditions is None:
        return []
    conditions.append("(s.at, s.item_id) < (?, ?)")
    values += after or ("\U0010ffff", "")
    rows = connection.execute(
        f"SELECT s.item_id FROM searchable AS s WHERE {' AND '.join(conditions)}"  # noqa: S608 # fixed, bound values
        " ORDER BY s.at DESC, s.item_id DESC LIMIT ?",
        [*values, limit],
    )
    return [row["item_id"] for row in rows]


def _conditions(sought: Sought) -> tuple[list[str] | None, list[str]]:
    """What must hold of a row; None: nothing can be found."""
    conditions, values = _word_conditions(sought.search)
    if sought.search and not conditions:
        return None, []
    if sought.needs_you:
        conditions.append(f"({_TROUBLED} OR {_ASKED})")
    if sought.state is not None:
        conditions.append(_STATES[sought.state])
    for condition, value in (
        ("s.location_id = ?", sought.location_id),
        ("+s.item_id IN (SELECT instance_id FROM report WHERE template_id = ?)", sought.template_id),
        ("s.at >= ?", sought.since),
        ("s.at < ?", sought.until),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    return conditions, values


def _word_conditions(search: str) -> tuple[list[str], list[str]]:
    tokens = _TOKEN.findall(search)
    conditions, values = [], []
    words = [token for token in tokens if not _UNSPACED.search(token)]
    if words:
        conditions.append("+s.number IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(" ".join(f'"{word}"*' for word in words))
    for token in tokens:
        if _UNSPACED.search(token):
            conditions.append("instr(s.title || ' ' || s.text || ' ' || s.place, ?) > 0")
            values.append(token)
    return conditions, values
