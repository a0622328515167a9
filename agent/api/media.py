"""Files of reports and of attendance events, as they are shown."""

from agent.api.words import MediaState, Message


class MediaItem(Message, frozen=True, kw_only=True):
    """One file of a report or an event; `path` is set while an original is on this computer, `thumbnail` where there
    is one. `sentence` says why it needs the person.
    """

    media_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    sent_bytes: int
    path: str | None = None
    thumbnail: str | None = None
    state: MediaState = "waiting"
    sentence: str = ""
