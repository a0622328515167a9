"""When this computer was last used, before its person went and a session stayed open: only where they allowed it, and
only to be proposed to them as its end. It stays here; what they confirm is a time, and nothing says where it came from.

It is read when the computer is locked or goes to sleep, and once when a session's end falls due; never in between.
"""

import sqlite3
from datetime import timedelta

from agent.runtime import open_ends
from agent.runtime.workplace import Workplace
from agent.store import attendance
from agent.store.work import fact, put_fact

ABSENT = timedelta(minutes=10)
"""Who has used the computer within this when the end falls due is still there."""
_ALLOWED = "activity_evidence"


def offered(workplace: Workplace) -> bool:
    """Whether this computer can tell."""
    return workplace.senses.idle is not None


def allowed(workplace: Workplace) -> bool:
    """The person's choice, off at first."""
    if workplace.activity_allowed is None:
        workplace.activity_allowed = bool(workplace.store.read(lambda c: fact(c, _ALLOWED, bool)))
    return workplace.activity_allowed


def set_allowed(workplace: Workplace, *, on: bool) -> None:
    """From now on; switched off, what was noted is forgotten."""

    def keep(connection: sqlite3.Connection) -> None:
        put_fact(connection, _ALLOWED, on)
        if not on:
            open_ends.forget_activity(connection)

    workplace.store.write(keep).result()
    workplace.activity_allowed = on
    end(workplace)
    begin(workplace)
    workplace.changed("settings", "privacy")


def begin(workplace: Workplace) -> None:
    """Listen from now on, where that was allowed."""
    if not offered(workplace) or not allowed(workplace):
        return
    watch = workplace.senses.leaving
    if watch is not None:
        workplace.leaving = watch(lambda: note(workplace, leaving=True))
    plan(workplace)


def end(workplace: Workplace) -> None:
    """Listen no more."""
    watching, workplace.leaving = workplace.leaving, None
    if watching is not None:
        watching.close()


def plan(workplace: Workplace) -> None:
    """Something was recorded: look again once the session that is open now needs its end."""
    if not offered(workplace) or not allowed(workplace):
        return
    due = workplace.store.read(lambda c: open_ends.due(workplace, c))
    if due is not None and due > workplace.clock.now():
        workplace.wake_at("activity", due, lambda: note(workplace, leaving=False))


def note(workplace: Workplace, *, leaving: bool) -> None:
    """The computer is being left, or a session's end is due: keep when it was last used, if that tells anything."""
    idle = workplace.senses.idle() if workplace.senses.idle is not None else None
    if idle is None or (not leaving and idle < ABSENT.total_seconds()):
        return
    now = workplace.clock.now()
    used = now - timedelta(seconds=idle)

    def keep(connection: sqlite3.Connection) -> bool:
        session, due = attendance.current(connection), open_ends.due(workplace, connection)
        if session is None or due is None or not fact(connection, _ALLOWED, bool):
            return False
        # Once the end is due, who comes and goes is there for something else.
        if now > due + ABSENT or used <= open_ends.when(session.check_in):
            return False
        open_ends.note_activity(connection, session.check_in_id, used)
        return True

    if workplace.store.write(keep).result():
        workplace.changed()
