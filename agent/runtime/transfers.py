"""Single files of a report: held back, let go on, tried again; and fetched and opened once they have arrived."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from agent.api import AgentError, FetchMedia, HoldMedia, OpenMedia, RetryMedia
from agent.media.fetching import PIECE_SECONDS
from agent.media.tus import Upload
from agent.runtime.workplace import Workplace
from agent.store import media
from agent.sync.asking import LinkTrouble, RoundCancelledError
from agent.transport import EgressRow, Reply

OpenFile = Callable[[Path], None]
"""Shows a file in the system's program for it. Raises AgentError."""

_SENT = "This file has arrived already, or belongs to no report here any more."


def hold(workplace: Workplace, command: HoldMedia) -> None:
    """What arrived of it stays at the server, and it goes on from there. Raises AgentError not_found."""
    if not workplace.store.write(lambda c: media.hold(c, command.media_id, held=command.held)).result():
        raise AgentError("not_found", _SENT)
    if command.held:
        workplace.stop_uploading([command.media_id])
    else:
        workplace.rounds.wake()
    workplace.changed("activity")


def retry(workplace: Workplace, command: RetryMedia) -> None:
    """At once. Raises AgentError not_found."""
    if not workplace.store.write(lambda c: media.retry(c, command.media_id)).result():
        raise AgentError("not_found", _SENT)
    workplace.changed("activity")
    workplace.rounds.wake()


def fetch(workplace: Workplace, command: FetchMedia) -> None:
    """Raises AgentError not_found, unavailable, cannot_store, refused."""
    row = _row(workplace, command.media_id)
    if workplace.original(row) is not None:
        return
    wanted = Upload(
        media_id=row["media_id"],
        name=row["name"],
        content_type=row["content_type"],
        size=row["size"],
        sha256=row["sha256"],
        path=Path(),
        url=None,
    )

    def ask(first: int, last: int) -> Reply:
        return workplace.ask(
            EgressRow.MEDIA,
            f"/v1/media/{wanted.media_id}/content",
            headers={"Range": f"bytes={first}-{last}"},
            deadline=PIECE_SECONDS,
        )

    try:
        workplace.originals.fetch(row["file_name"], wanted, ask)
    except LinkTrouble as trouble:
        raise AgentError("unavailable", trouble.sentence) from None
    except RoundCancelledError:
        raise AgentError("cancelled", "This was cancelled.") from None
    workplace.changed("activity")


def open_media(workplace: Workplace, command: OpenMedia, open_file: OpenFile) -> None:
    """Raises AgentError not_found, cannot_store, unavailable."""
    row = _row(workplace, command.media_id)
    path = workplace.original(row)
    if path is None:
        raise AgentError("not_found", f"“{row['name']}” is no longer on this computer. Fetch it again first.")
    open_file(workplace.originals.copy(path, row["file_name"], row["name"]))


def no_viewer(path: Path) -> None:
    """Where there is no window."""
    raise AgentError("unavailable", f"There is no window here to show it in. The file is {path}.")


def _row(workplace: Workplace, media_id: str) -> sqlite3.Row:
    query = "SELECT * FROM media WHERE media_id = ? AND revision_id IS NOT NULL"
    row: sqlite3.Row | None = workplace.store.read(lambda c: c.execute(query, (media_id,)).fetchone())
    if row is None:
        raise AgentError("not_found", "This file belongs to no report here any more.")
    return row
