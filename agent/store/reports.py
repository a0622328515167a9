"""The rows of reports, and Activity: reports and attendance in one list, newest first."""

import sqlite3

import msgspec

from agent.errors import AgentError
from agent.store import searching
from agent.store.searching import PENDING, Sought
from agent.store.work import read_trouble
from protocol.operations import REPORT_COMMENT, ReportRevision

_ITEMS = f"""
SELECT r.instance_id AS item_id, 'report' AS kind, r.title, r.text, coalesce(l.name, '') AS location, r.at, r.origin,
  r.done_at, r.server, 0 AS cancelled, NULL AS event,
  (SELECT count(*) FROM media AS m JOIN revision AS v USING (revision_id) WHERE v.instance_id = r.instance_id) AS files,
  EXISTS (SELECT 1 FROM receipt AS c JOIN revision AS v USING (revision_id)
    WHERE v.instance_id = r.instance_id AND c.state = 'verified') AS receipt,
  (SELECT json_array(sentence, made_of) FROM trouble AS t WHERE t.item_id = r.instance_id LIMIT 1) AS trouble,
  {PENDING} AS pending, iif({PENDING}, '', r.asks) AS asks, r.template_id,
  coalesce((SELECT t.title FROM template AS t WHERE t.template_id = r.template_id
    AND t.version = r.template_version), '') AS checklist,
  (SELECT count(*) FROM media AS m JOIN revision AS v USING (revision_id) WHERE v.instance_id = r.instance_id
    AND m.held = 1 AND m.state = 'waiting') AS held, 0 AS corrected
FROM report AS r LEFT JOIN location AS l USING (location_id)
UNION ALL
SELECT a.event_id, a.kind, a.note, '', coalesce(l.name, ''), a.at, a.origin, a.done_at, a.server, a.cancelled, a.event,
  (SELECT count(*) FROM operation AS o JOIN media USING (operation_id) WHERE o.item_id = a.event_id),
  EXISTS (SELECT 1 FROM receipt AS c WHERE c.revision_id = a.event_id AND c.state = 'verified'),
  (SELECT json_array(sentence, made_of) FROM trouble AS t WHERE t.item_id = a.event_id LIMIT 1), 0, '', NULL, '',
  (SELECT count(*) FROM operation AS o JOIN media AS m USING (operation_id) WHERE o.item_id = a.event_id
    AND m.held = 1 AND m.state = 'waiting'),
  EXISTS (SELECT 1 FROM attendance AS c WHERE c.supersedes = a.event_id AND NOT c.left_out)
FROM attendance AS a LEFT JOIN attendance AS i ON i.event_id = a.check_in_id
  LEFT JOIN location AS l ON l.location_id = coalesce(a.location_id, i.location_id)
"""  # noqa: S608 # nothing in it but the condition above


def file(
    connection: sqlite3.Connection, revision: ReportRevision, *, operation_id: str, at: str, answers: str = ""
) -> None:
    """Keep a report that was written here; its operation is in line already. `answers`: as they read."""
    connection.execute(
        "INSERT INTO report (instance_id, origin, title, text, location_id, at, template_id, template_version, answers)"
        " VALUES (?, 'here', ?, ?, ?, ?, ?, ?, ?)",
        (
            revision.instance_id,
            revision.title,
            revision.text,
            revision.location_id,
            at,
            revision.template_id,
            revision.template_version,
            answers,
        ),
    )
    connection.execute(
        "INSERT INTO revision VALUES (?, ?, ?, 0)", (revision.revision_id, revision.instance_id, operation_id)
    )


def is_here(connection: sqlite3.Connection, instance_id: str) -> bool:
    """Whether there is such a report."""
    return connection.execute("SELECT 1 FROM report WHERE instance_id = ?", (instance_id,)).fetchone() is not None


def edit(connection: sqlite3.Connection, revision: ReportRevision, *, operation_id: str, answers: str = "") -> None:
    """Keep another version of it; its operation is in line already. `answers`: as they read."""
    show(connection, revision, answers=answers)
    connection.execute(
        "INSERT INTO revision VALUES (?, ?, ?, 1)", (revision.revision_id, revision.instance_id, operation_id)
    )


def show(connection: sqlite3.Connection, revision: ReportRevision, *, answers: str) -> None:
    """This version is what is read of the report. `answers`: as they read."""
    connection.execute(
        "UPDATE report SET title = ?, text = ?, location_id = ?, template_id = ?, template_version = ?, answers = ?"
        " WHERE instance_id = ?",
        (
            revision.title,
            revision.text,
            revision.location_id,
            revision.template_id,
            revision.template_version,
            answers,
            revision.instance_id,
        ),
    )


def latest_version(connection: sqlite3.Connection, instance_id: str) -> ReportRevision | None:
    """What was last written here of a report; None for one written elsewhere."""
    row = connection.execute(
        "SELECT o.body FROM revision AS v JOIN operation AS o USING (operation_id) WHERE v.instance_id = ?"
        " ORDER BY o.seq DESC LIMIT 1",
        (instance_id,),
    ).fetchone()
    return msgspec.json.decode(row["body"], type=ReportRevision) if row is not None else None


def words_of_answers(connection: sqlite3.Connection, instance_id: str) -> str:
    """The answers of a report as they read, as they were kept for the search."""
    row = connection.execute("SELECT answers FROM report WHERE instance_id = ?", (instance_id,)).fetchone()
    return row["answers"] if row is not None else ""


def with_template(connection: sqlite3.Connection, template_id: str, limit: int) -> list[str]:
    """The ids of the newest reports with that checklist, whoever wrote them."""
    rows = connection.execute(
        "SELECT instance_id FROM report WHERE template_id = ? ORDER BY at DESC LIMIT ?", (template_id, limit)
    )
    return [row["instance_id"] for row in rows.fetchall()]


def refused_field(connection: sqlite3.Connection, instance_id: str) -> str | None:
    """The place that the server named, or nothing, of a report it refused and never kept; None for any other."""
    row = connection.execute(
        "SELECT t.field FROM report AS r JOIN operation AS o ON o.item_id = r.instance_id"
        " JOIN trouble AS t ON t.source = o.operation_id WHERE r.instance_id = ? AND r.server IS NULL"
        " AND o.state = 'aside' AND o.kind <> ? AND NOT EXISTS (SELECT 1 FROM operation AS k"
        "  WHERE k.item_id = r.instance_id AND k.state <> 'aside' AND NOT (k.kind = ? AND k.state <> 'kept')) LIMIT 1",
        (instance_id, REPORT_COMMENT, REPORT_COMMENT),
    ).fetchone()
    return row["field"] if row is not None else None


class ActivityRow(msgspec.Struct, frozen=True, kw_only=True):
    """One item as its rows say; `server` is the server's view of it, encoded. `pending`: another version written here
    is on its way; `asks` is then empty, else as in the table. `held`: of its files that wait. `corrected`: another
    event stands instead of it."""

    item_id: str
    kind: str
    title: str
    text: str
    location: str
    at: str
    origin: str
    done_at: str | None
    server: bytes | None
    cancelled: bool
    event: bytes | None
    files: int
    receipt: bool
    trouble: str | None
    pending: bool
    asks: str
    template_id: str | None
    checklist: str
    held: int
    corrected: bool


def activity(
    connection: sqlite3.Connection, sought: Sought, *, after: tuple[str, str] | None, limit: int
) -> list[ActivityRow]:
    """Up to `limit` items after the position (time, id): first which, then all of each, so that many cost no more."""
    found = (item(connection, item_id) for item_id in searching.find(connection, sought, after, limit))
    return [row for row in found if row is not None]


def item(connection: sqlite3.Connection, item_id: str) -> ActivityRow | None:
    """One of them."""
    row = connection.execute(f"SELECT * FROM ({_ITEMS}) WHERE item_id = ?", (item_id,)).fetchone()  # noqa: S608
    return _row(row) if row is not None else None


def report(connection: sqlite3.Connection, instance_id: str) -> ActivityRow:
    """A report. Raises AgentError not_found."""
    row = item(connection, instance_id)
    if row is None or row.kind != "report":
        raise AgentError("not_found", "This report is not on this computer.")
    return row


def files(connection: sqlite3.Connection, instance_id: str) -> list[sqlite3.Row]:
    """The media rows of a report or an event, in the order they were attached."""
    return connection.execute(
        "SELECT m.*, (SELECT json_array(sentence, made_of) FROM trouble WHERE source = m.media_id LIMIT 1) AS trouble"
        " FROM media AS m JOIN operation AS o USING (operation_id) WHERE o.item_id = ?"
        " ORDER BY m.revision_id, m.position",
        (instance_id,),
    ).fetchall()


def verified_receipt(connection: sqlite3.Connection, instance_id: str) -> str | None:
    """The signed statement for the latest revision, as JSON text, once it has verified."""
    row = connection.execute(
        "SELECT c.statement FROM receipt AS c JOIN revision AS v USING (revision_id)"
        " WHERE v.instance_id = ? AND c.state = 'verified' ORDER BY c.revision_id DESC LIMIT 1",
        (instance_id,),
    ).fetchone()
    return row["statement"].decode() if row is not None else None


def _row(row: sqlite3.Row) -> ActivityRow:
    values, flags = dict(row), ("cancelled", "receipt", "pending", "corrected")
    values["trouble"] = read_trouble(values["trouble"])
    return ActivityRow(**{**values, **{name: bool(values[name]) for name in flags}})


class Counts(msgspec.Struct, frozen=True):
    """What the snapshot counts; `waiting` without those that need the person, `held` those of these with files that
    the person holds back, `sent_attendance` check-ins that stand, each once however often it was corrected."""

    waiting: int
    needs_you: int
    sent_reports: int
    sent_attendance: int
    held: int


def counts(connection: sqlite3.Connection, since: str) -> Counts:
    """Items here of which something is not received, those that ask something of the person, and those received from
    `since` on."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM report WHERE done_at IS NULL AND origin = 'here'"  # noqa: S608 # fixed conditions
        "  AND instance_id NOT IN (SELECT item_id FROM trouble))"
        " + (SELECT count(*) FROM (SELECT DISTINCT item_id FROM operation AS o WHERE state = 'waiting'"
        "  AND item_id NOT IN (SELECT item_id FROM trouble) AND NOT EXISTS (SELECT 1 FROM report AS r"
        "   WHERE r.instance_id = o.item_id AND r.done_at IS NULL AND r.origin = 'here')))"
        # Events that are kept while files of them, which are of no revision, are still here.
        " + (SELECT count(DISTINCT o.item_id) FROM media JOIN operation AS o USING (operation_id)"
        "  WHERE released = 0 AND revision_id IS NULL AND o.item_id NOT IN (SELECT item_id FROM trouble)"
        "  AND NOT EXISTS (SELECT 1 FROM operation AS w WHERE w.item_id = o.item_id AND w.state = 'waiting')),"
        " (SELECT count(*) FROM (SELECT item_id FROM trouble"
        "  WHERE item_id NOT IN (SELECT ask_id FROM attendance_ask) UNION"
        f"  SELECT instance_id FROM report AS r WHERE asks <> '' AND NOT {PENDING})),"
        " (SELECT count(*) FROM report WHERE origin = 'here' AND done_at >= ?),"
        " (SELECT count(*) FROM attendance WHERE origin = 'here' AND done_at >= ? AND kind = 'check_in'"
        "  AND supersedes IS NULL AND cancelled = 0),"
        " (SELECT count(DISTINCT item_id) FROM media AS m JOIN operation AS o USING (operation_id)"
        "  WHERE m.held = 1 AND m.state = 'waiting' AND item_id NOT IN (SELECT item_id FROM trouble)"
        "  AND NOT EXISTS (SELECT 1 FROM report AS r WHERE r.instance_id = item_id AND r.done_at IS NOT NULL))",
        (since, since),
    ).fetchone()
    return Counts(*row)
