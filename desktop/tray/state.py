"""Which shape the tray shows for a snapshot."""

from agent.api import Snapshot
from ui.theme.icons import TrayShape


def shape_of(snapshot: Snapshot) -> TrayShape:
    """The first that holds: something needs the person, no server, sending, on break, in, out."""
    if snapshot.needs_you or snapshot.link in ("sign_in_needed", "untrusted"):
        return "needs_you"
    if snapshot.link in ("offline", "server_trouble"):
        return "offline"
    if snapshot.sending:
        return "sending"
    if snapshot.session is None:
        return "out"
    return "break" if snapshot.session.on_break else "in"
