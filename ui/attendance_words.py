"""The words for attendance: what pressing records, how an end is proposed, hours, events and corrections."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from PySide6.QtCore import QDate, QLocale

from agent.api import AskLine, EventLine, LocationItem, ProposedEnd, SessionLine, Snapshot
from ui import wording

translate = wording.translate

AWAY = ("offline", "server_trouble", "sign_in_needed", "untrusted")


def before_check_in(
    snapshot: Snapshot, place: LocationItem | None, code: str, note: str, *, fits: bool, looked: bool, photos: int = 0
) -> str:
    """All that a check-in records, said before it is pressed; `place` None is elsewhere. `fits`: the code can be one
    of that place; `looked`: it is known whether this computer is in a network of it; `photos`: how many go with it."""
    return " ".join(
        one
        for one in (
            _left_first(snapshot),
            _method(place, code, fits=fits),
            _network(snapshot, place, looked=looked),
            _position(snapshot),
            _note(snapshot, note),
            _photos(snapshot, photos),
            _kept(snapshot),
        )
        if one
    )


def before_other(snapshot: Snapshot) -> str:
    """The same of a check-out or a break."""
    words = translate("NowCard", "Recorded with this computer's time. No position is taken.")
    return f"{words} {_kept(snapshot)}".strip()


def _left_first(snapshot: Snapshot) -> str:
    if snapshot.session is None:
        return ""
    left = wording.place(snapshot.session)
    return translate("MainWindow", "You are checked out of {place} first.").format(place=left)


def _method(place: LocationItem | None, code: str, *, fits: bool) -> str:
    if place is None or not place.code_digits:
        return translate("Attendance", "Recorded as chosen by hand, with this computer's time.")
    if not code:
        return translate("Attendance", "Recorded as chosen by hand, without code, with this computer's time.")
    if fits:
        return translate("Attendance", "Recorded with the code entered, not yet checked, and this computer's time.")
    return translate(
        "Attendance", "The code here has {digits} digits. What you entered is recorded as it is, and will not fit."
    ).format(digits=wording.number(place.code_digits))


def _network(snapshot: Snapshot, place: LocationItem | None, *, looked: bool) -> str:
    if not snapshot.network_evidence or place is None:
        return ""
    if not looked:
        return translate(
            "Attendance", "If this place is known by its networks, it says too which of them this computer is in."
        )
    if place.known_network:
        return translate("Attendance", "It says too that this computer is in a network that this place is known by.")
    return translate(
        "Attendance", "If this place is known by its networks, it says too that this computer is in none of them."
    )


def _position(snapshot: Snapshot) -> str:
    if not snapshot.position_evidence:
        return translate("Attendance", "No position is taken.")
    return translate(
        "Attendance",
        "This computer is asked where it is, once; if it does not say within three seconds, that is left out.",
    )


def _note(snapshot: Snapshot, note: str) -> str:
    if not snapshot.note_required or note.strip():
        return ""
    return translate("Attendance", "Your organization asks for a note; without one, it is marked as missing.")


def _photos(snapshot: Snapshot, photos: int) -> str:
    if photos:
        if photos == 1:
            return translate("Attendance", "Your photo goes with it.")
        return translate("Attendance", "Your photos go with it.")
    if not snapshot.photo_required:
        return ""
    return translate("Attendance", "Your organization asks for a photo; without one, it is marked as missing.")


def _kept(snapshot: Snapshot) -> str:
    return translate("NowCard", "It stays here until it can be sent.") if snapshot.link in AWAY else ""


def proposed(end: ProposedEnd, shift: str, since: str) -> str:
    """An end to take over, with where it comes from; `since` is when the session began."""
    time = _time_after(end.at, since)
    if end.kind == "shift_end":
        if shift:
            return translate("Attendance", "{time} · end of {shift}").format(time=time, shift=wording.apart(shift))
        return translate("Attendance", "{time} · end of your shift").format(time=time)
    if end.kind == "last_report":
        return translate("Attendance", "{time} · your last report").format(time=time)
    return translate("Attendance", "{time} · last used this computer").format(time=time)


def _time_after(at: str, since: str) -> str:
    """The time, with its day where that is another than the one it began on."""
    if wording.moment(at).date() == wording.moment(since).date():
        return wording.clock_at(at)
    return wording.since(at, wording.moment(since))


def began(since: str) -> str:
    """Since when, as one says it: *07:58*, *yesterday 07:58*, *Mon 23 Nov, 07:58*."""
    days = (datetime.now(UTC).astimezone().date() - wording.moment(since).date()).days
    if days == 1:
        return translate("Attendance", "yesterday {time}").format(time=wording.clock_at(since))
    return wording.since(since)


def hours(seconds: int) -> str:
    """Whole minutes: *7 h 45*, *12 min*."""
    whole, minutes = divmod(seconds // 60, 60)
    if not whole:
        return translate("Time", "{minutes} min").format(minutes=wording.number(minutes))
    return translate("Time", "{hours} h {minutes}").format(
        hours=wording.number(whole), minutes=wording.number(minutes).rjust(2, QLocale().zeroDigit())
    )


def days_named(first: date, last: date) -> str:
    """A day, a week or a month by its dates."""
    locale = QLocale()

    def written(of: date, pattern: str) -> str:
        return locale.toString(QDate(of.year, of.month, of.day), pattern)

    if first == last:
        return wording.day(first, datetime.now(UTC).astimezone().date())
    if first.day == 1 and first.month == last.month and (last - first).days > 26:
        return written(first, "MMMM yyyy")
    begins = "d MMM" if first.year == last.year else "d MMM yyyy"
    return f"{written(first, begins)} – {written(last, 'd MMM yyyy')}"


def place_name(name: str) -> str:
    """A place, or that it was none of the list."""
    return name or translate("Item", "Elsewhere")


def kind_name(of: str) -> str:
    """An event by what it is."""
    return {
        "check_in": translate("Item", "Checked in"),
        "check_out": translate("Item", "Checked out"),
        "break_start": translate("Item", "Break started"),
        "break_end": translate("Item", "Break ended"),
    }[of]


def session_line(session: SessionLine) -> str:
    """A session in one line: where, from when to when, how long."""
    start = wording.clock_at(session.start)
    if session.end is not None:
        span = f"{start} – {_time_after(session.end, session.start)}"
    elif session.needs_end:
        span = translate("Attendance", "{time} – its end is missing").format(time=start)
    else:
        span = translate("Attendance", "{time} – still open").format(time=start)
    rest = ""
    if session.break_seconds:
        rest = translate("Attendance", "break {time}").format(time=hours(session.break_seconds))
    lasted = hours(session.seconds)
    if lasts(session):
        lasted = translate("Attendance", "{time} so far").format(time=hours(running(session)))
    elif session.needs_end:
        lasted = ""
    return wording.joined(place_name(session.location), span, lasted, rest)


def lasts(session: SessionLine) -> bool:
    """Whether it is the one that the person is in."""
    return session.end is None and not session.needs_end


def running(session: SessionLine) -> int:
    """Seconds of a session that lasts, up to now, without breaks; 0 of any other."""
    if not lasts(session):
        return 0
    until = wording.moment(session.resting_since) if session.resting_since is not None else datetime.now(UTC)
    return max(0, int((until - wording.moment(session.start)).total_seconds()) - session.break_seconds)


def hours_of(seconds: int, sessions: Iterable[SessionLine]) -> str:
    """Hours of a day or more: those that count, and what the session that lasts has come to."""
    open_ones = [session for session in sessions if lasts(session)]
    if not open_ones:
        return hours(seconds)
    return translate("Attendance", "{time} so far").format(time=hours(seconds + sum(map(running, open_ones))))


def marks(event: EventLine) -> list[str]:
    """What is to be known of an event beside its evidence, in plain sentences."""
    said = []
    if event.cancelled:
        said.append(translate("Attendance", "Undone: it does not count."))
    if event.needs_a_look:
        said.append(translate("Attendance", "Somebody of your organization may look at this."))
    if event.completed_later:
        said.append(translate("Attendance", "Completed later."))
    if event.corrected:
        said.append(translate("Attendance", "Corrected: another entry stands instead."))
    if event.by:
        said.append(translate("Attendance", "Written by {name}.").format(name=wording.apart(event.by)))
    if event.held == "waiting":
        said.append(translate("Attendance", "Its day is locked: it is kept, and your organization decides about it."))
    elif event.held == "left_out":
        said.append(translate("Attendance", "Its day was locked: your organization does not count it."))
    elif event.held == "accepted":
        said.append(translate("Attendance", "It came into a locked day; your organization counts it."))
    if event.asked:
        said.append(translate("Attendance", "You asked for a correction; it is not decided yet."))
    return said


def said_of(event: EventLine) -> list[str]:
    """Its marks, and the reason that was given for it."""
    if not event.reason:
        return marks(event)
    return [*marks(event), translate("Attendance", "Reason: {reason}").format(reason=wording.apart(event.reason))]


def evidence(event: EventLine) -> str:
    """How it came about, and what was odd."""
    return " ".join(map(wording.said, event.evidence))


def asked_for(ask: AskLine) -> str:
    """A correction in one line: what of it should be what."""
    wish = {
        "change": translate("Attendance", "Change"),
        "add": translate("Attendance", "Add"),
        "remove": translate("Attendance", "Remove"),
    }[ask.wants]
    what = kind_name(ask.kind) if ask.kind else ""
    if ask.at and ask.was_at and ask.at != ask.was_at:
        moved = translate("Attendance", "{before} to {after}").format(
            before=wording.when(ask.was_at), after=_time_after(ask.at, ask.was_at)
        )
        return wording.joined(wish, what, moved)
    at = ask.was_at or ask.at
    return wording.joined(wish, what, wording.when(at) if at else "")


def ask_state(ask: AskLine) -> str:
    """How far it has come."""
    return {
        "asked": translate("Attendance", "Asked"),
        "approved": translate("Attendance", "Approved"),
        "refused": translate("Attendance", "Refused"),
        "withdrawn": translate("Attendance", "Withdrawn"),
    }[ask.state]
