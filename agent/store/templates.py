"""The rows of checklists: every version that was ever told of, and which of them is offered now."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from protocol.changes import TemplateView
from protocol.templates import Template
from rules.templates.filling import media_of


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """A TemplateView whose template is kept as the bytes that came."""

    template: msgspec.Raw


class TemplateRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version; `newest` is the number of the newest, `active` whether that is offered."""

    body: bytes
    newest: int
    active: bool

    def template(self) -> Template:
        """Decoded; what this app does not know of it is left out."""
        return msgspec.json.decode(self.body, type=Template)


def learn(connection: sqlite3.Connection, body: bytes) -> None:
    """Take the server's word on one template in. Raises msgspec's errors for what is none."""
    view = msgspec.json.decode(body, type=TemplateView)
    raw = msgspec.json.decode(body, type=_Told).template
    one = view.template
    connection.execute(
        "INSERT OR REPLACE INTO template VALUES (?, ?, ?, ?)", (one.template_id, one.version, one.title, bytes(raw))
    )
    connection.execute(
        "INSERT OR REPLACE INTO template_offered VALUES (?, ?, ?)", (one.template_id, one.version, view.active)
    )


def forget_taught(connection: sqlite3.Connection) -> None:
    """Nothing is offered until the server tells again; the versions stay for what was begun with them."""
    connection.execute("DELETE FROM template_offered")


def find(connection: sqlite3.Connection, template_id: str | None, version: int | None = None) -> TemplateRow | None:
    """One version, or the newest that is known."""
    row = connection.execute(
        "SELECT t.body, coalesce(o.version, t.version) AS newest, coalesce(o.active, 0) AS active FROM template AS t"
        " LEFT JOIN template_offered AS o USING (template_id) WHERE t.template_id = ?"
        " AND t.version = coalesce(?, o.version, t.version) ORDER BY t.version DESC LIMIT 1",
        (template_id, version),
    ).fetchone()
    return TemplateRow(body=row["body"], newest=row["newest"], active=bool(row["active"])) if row is not None else None


def title(connection: sqlite3.Connection, template_id: str | None, version: int | None) -> str:
    """The name of one version; empty for none."""
    row = connection.execute(
        "SELECT title FROM template WHERE template_id = ? AND version = ?", (template_id, version)
    ).fetchone()
    return row["title"] if row is not None else ""


def offered(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """The bodies of all that are offered, those of the latest reports written here first, then by title."""
    return connection.execute(
        "SELECT t.body FROM template_offered AS o JOIN template AS t USING (template_id, version) LEFT JOIN"
        " (SELECT template_id, max(at) AS used FROM report WHERE template_id IS NOT NULL AND origin = 'here'"
        "  GROUP BY template_id) AS u USING (template_id)"
        " WHERE o.active ORDER BY u.used IS NULL, u.used DESC, t.title COLLATE NOCASE, t.template_id"
    ).fetchall()


def files_named(
    connection: sqlite3.Connection, template_id: str | None, version: int | None, answers: Mapping[str, Any]
) -> list[str]:
    """The media ids that these answers name."""
    row = find(connection, template_id, version) if answers else None
    return media_of(row.template().fields, answers) if row is not None else []
