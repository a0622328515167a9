"""Single files of a report or an event: held back, let go on, tried again; and once they have arrived fetched and
opened, and small pictures of them fetched where there are none here."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from agent.api import AgentError, FetchMedia, FetchPictures, HoldMedia, OpenMedia, RetryMedia
from agent.media.fetching import PIECE_SECONDS
from agent.media.tus import Upload
from agent.runtime import versions
from agent.runtime.workplace import Workplace
from agent.store import media, reports
from agent.store.media import ReportFile
from agent.sync.asking import LinkTrouble, RoundCancelledError
from agent.transport import EgressRow, Reply
from rules.sentence import Sentence

OpenFile = Callable[[Path], None]
"""Shows a file in the system's program for it. Raises AgentError."""

MOST_PICTURES = 24
"""Of one report at once."""
PICTURE_SECONDS = 30.0

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
    one = _file(workplace, command.media_id)
    if workplace.original(one) is not None:
        return
    wanted = Upload(
        media_id=one.media_id,
        name=one.name,
        content_type=one.content_type,
        size=one.size,
        sha256=one.sha256,
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
        workplace.originals.fetch(one.file_name, wanted, ask)
    except LinkTrouble as trouble:
        raise AgentError("unavailable", trouble.sentence) from None
    except RoundCancelledError:
        raise AgentError("cancelled", "This was cancelled.") from None
    workplace.changed("activity")


def open_media(workplace: Workplace, command: OpenMedia, open_file: OpenFile) -> None:
    """Raises AgentError not_found, cannot_store, unavailable."""
    one = _file(workplace, command.media_id)
    path = workplace.original(one)
    if path is None:
        raise AgentError("not_found", Sentence("“%(name)s” is not on this computer. Fetch it first.", name=one.name))
    open_file(workplace.originals.copy(path, one.file_name, one.name))


def no_viewer(path: Path) -> None:
    """Where there is no window."""
    raise AgentError("unavailable", Sentence("There is no window here to show it in. The file is %(path)s.", path=path))


def fetch_pictures(workplace: Workplace, command: FetchPictures) -> None:
    """One after the other, MOST_PICTURES at most. What the server has no picture of is asked for once only as long as
    the app runs. Raises AgentError not_found, unavailable."""
    row = workplace.store.read(lambda c: reports.report(c, command.instance_id))
    wanted = [
        one for one in workplace.store.read(lambda c: versions.report_files(c, row)) if workplace.lacks_picture(one)
    ]
    for one in wanted[:MOST_PICTURES]:
        try:
            reply = workplace.ask(
                EgressRow.MEDIA,
                f"/v1/media/{quote(one.media_id, safe='')}/picture",
                headers={"Accept": "image/jpeg"},
                deadline=PICTURE_SECONDS,
            )
        except LinkTrouble as trouble:
            raise AgentError("unavailable", trouble.sentence) from None
        except RoundCancelledError:
            raise AgentError("cancelled", "This was cancelled.") from None
        if reply.status not in {200, 404}:
            return  # the server is busy or does not know the question; the next opening asks again
        if reply.status == 200 and workplace.thumbnails.keep(one.media_id, reply.body):
            workplace.changed("activity")
        else:
            workplace.without_picture.add(one.media_id)


def _file(workplace: Workplace, media_id: str) -> ReportFile:
    def look(connection: sqlite3.Connection) -> ReportFile | None:
        item_id = media.item_of(connection, media_id)
        row = reports.item(connection, item_id) if item_id is not None else None
        files = versions.report_files(connection, row) if row is not None else []
        return next((one for one in files if one.media_id == media_id), None)

    found = workplace.store.read(look)
    if found is None:
        raise AgentError("not_found", "This file belongs to no report here any more.")
    return found
