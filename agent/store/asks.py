"""The rows of corrections that the person asked for, here or elsewhere, and what became of them."""

import sqlite3

import msgspec

from agent.store.attendance import normal
from protocol.changes import AskState, AttendanceAskView
from protocol.operations import AttendanceAsk

MOST = 200

WITHDRAWALS = (
    # When the person withdrew it on this computer.
    "ALTER TABLE attendance_ask ADD COLUMN withdrawn TEXT",
    # As after an update of the app: what is withdrawn elsewhere was kept apart so far.
    "DELETE FROM fact WHERE name = 'app_version'",
)


class AskRow(msgspec.Struct, frozen=True, kw_only=True):
    """One ask: as it was asked on this computer, and the server's word on it; at least one of them is there.
    `withdrawn` is when it was withdrawn here."""

    ask_id: str
    asked: str
    ask: AttendanceAsk | None
    view: AttendanceAskView | None
    withdrawn: str | None = None

    @property
    def state(self) -> AskState:
        """What became of it: a decision counts, then the person's own word."""
        decided = self.view.state if self.view is not None else "asked"
        return "withdrawn" if decided == "asked" and self.withdrawn is not None else decided

    @property
    def waits(self) -> bool:
        """Whether nobody has decided, and it is still wanted."""
        return self.state == "asked"

    @property
    def about(self) -> str | None:
        """The event that it would change or remove."""
        known = self.view or self.ask
        return known.supersedes if known is not None else None


def record(connection: sqlite3.Connection, ask: AttendanceAsk, at: str) -> None:
    """Keep what was asked here."""
    connection.execute(
        "INSERT INTO attendance_ask (ask_id, asked, ask) VALUES (?, ?, ?)", (ask.ask_id, at, msgspec.json.encode(ask))
    )


def withdraw(connection: sqlite3.Connection, ask_id: str, at: str) -> None:
    """It is not wanted any more, nor is what belongs to a check-in that is asked for by it."""
    connection.execute(
        "UPDATE attendance_ask SET withdrawn = coalesce(withdrawn, ?1) WHERE ask_id = ?2"
        " OR coalesce(json_extract(CAST(ask AS TEXT), '$.check_in_id'),"
        "  json_extract(CAST(server AS TEXT), '$.check_in_id')) = ?2",
        (at, ask_id),
    )


def find(connection: sqlite3.Connection, ask_id: str) -> AskRow | None:
    """One of them."""
    row = connection.execute(
        "SELECT ask_id, asked, ask, server, withdrawn FROM attendance_ask WHERE ask_id = ?", (ask_id,)
    ).fetchone()
    return _row(row) if row is not None else None


def learn(connection: sqlite3.Connection, view: AttendanceAskView, body: bytes) -> None:
    """Take the server's word in."""
    connection.execute(
        "INSERT INTO attendance_ask (ask_id, asked, server) VALUES (?, ?, ?)"
        " ON CONFLICT (ask_id) DO UPDATE SET server = excluded.server",
        (view.ask_id, normal(view.asked), body),
    )


def latest(connection: sqlite3.Connection) -> list[AskRow]:
    """The last MOST, newest first."""
    rows = connection.execute(
        "SELECT ask_id, asked, ask, server, withdrawn FROM attendance_ask ORDER BY asked DESC, ask_id DESC LIMIT ?",
        (MOST,),
    )
    return [_row(row) for row in rows.fetchall()]


def waiting_about(connection: sqlite3.Connection) -> set[str]:
    """The events that an ask is about on which nobody has decided."""
    return {row.about for row in latest(connection) if row.waits and row.about is not None}


def _row(row: sqlite3.Row) -> AskRow:
    ask, server = row["ask"], row["server"]
    return AskRow(
        ask_id=row["ask_id"],
        asked=row["asked"],
        ask=msgspec.json.decode(ask, type=AttendanceAsk) if ask is not None else None,
        view=msgspec.json.decode(server, type=AttendanceAskView) if server is not None else None,
        withdrawn=row["withdrawn"],
    )
