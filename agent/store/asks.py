"""The rows of corrections that the person asked for, here or elsewhere, and what became of them."""

import sqlite3

import msgspec

from agent.store.attendance import normal
from protocol.changes import AttendanceAskView
from protocol.operations import AttendanceAsk

MOST = 200


class AskRow(msgspec.Struct, frozen=True, kw_only=True):
    """One ask: as it was asked on this computer, and the server's word on it; at least one of them is there."""

    ask_id: str
    asked: str
    ask: AttendanceAsk | None
    view: AttendanceAskView | None

    @property
    def waits(self) -> bool:
        """Whether nobody has decided."""
        return self.view is None or self.view.state == "asked"

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
        "SELECT ask_id, asked, ask, server FROM attendance_ask ORDER BY asked DESC, ask_id DESC LIMIT ?", (MOST,)
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
    )
