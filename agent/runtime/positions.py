"""The position of this computer with a check-in: only where the person allowed it, asked once at the press, and never
waited for by anybody: the check-in is kept before it is asked, and goes without it after a moment."""

import sqlite3
import threading

from agent.api import AgentError
from agent.runtime.workplace import Workplace
from agent.store import locating
from agent.store.work import fact, put_fact
from protocol.operations import Position

ASK_SECONDS = 3.0
_ALLOWED = "position_evidence"


def offered(workplace: Workplace) -> bool:
    """Whether this computer can be asked at all."""
    return workplace.senses.position is not None


def allowed(workplace: Workplace) -> bool:
    """Whether a check-in may say where this computer was: the person's choice, off at first."""
    if workplace.position_allowed is None:
        workplace.position_allowed = bool(workplace.store.read(lambda c: fact(c, _ALLOWED, bool)))
    return workplace.position_allowed


def set_allowed(workplace: Workplace, *, on: bool) -> None:
    """From now on; what a check-in of this moment would still get is not added any more."""
    workplace.store.write(lambda c: put_fact(c, _ALLOWED, on)).result()
    workplace.position_allowed = on
    workplace.changed("settings", "privacy")


def last(workplace: Workplace) -> str | None:
    """When a position was last added to a check-in here, as RFC 3339."""
    return workplace.store.read(lambda c: fact(c, locating.LAST, str))


def wanted(workplace: Workplace) -> bool:
    """Whether to ask at a press."""
    return offered(workplace) and allowed(workplace)


def ask(workplace: Workplace, event_id: str) -> None:
    """After the commit of an event that is held for it: on a thread of its own, since the answer may depend on a person
    who is asked by the system."""
    threading.Thread(target=_ask, args=(workplace, event_id), name="position", daemon=True).start()


def _ask(workplace: Workplace, event_id: str) -> None:
    find = workplace.senses.position
    found = find(ASK_SECONDS) if find is not None else None

    def add(connection: sqlite3.Connection) -> bool:
        still: Position | None = found if fact(connection, _ALLOWED, bool) else None
        return locating.add(connection, event_id, still)

    try:
        added = workplace.store.write(add).result()
    except AgentError:
        return  # the app is closing, or cannot write: the check-in is kept, and goes without at the next start
    if added:
        workplace.made("activity")
