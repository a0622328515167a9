"""What is said of an attendance event's evidence: plain sentences, never a claim of proof. Both ends say it alike."""

from collections.abc import Collection, Iterable

from protocol.changes import EvidenceView
from rules.clock import Grade
from rules.sentence import Sentence

NEEDS_A_LOOK = frozenset(
    {
        "from_the_future",
        "location_retired",
        "no_place",
        "note_missing",
        "photo_missing",
        "position_zero",
        "accuracy_zero",
        "position_outside",
        "position_unclear",
        "network_other",
        "code_wrong",
        "code_old",
        "code_replayed",
        "code_two_networks",
        "code_throttled",
        "code_unchecked",
    }
)
"""The flags (protocol.changes.AttendanceView) of evidence that does not fit, or cannot tell."""

SAID_BY_EVIDENCE: Collection[str] = frozenset(
    {
        "code_unchecked",
        "code_wrong",
        "code_old",
        "code_replayed",
        "code_throttled",
        "code_not_here",
        "position_outside",
        "position_unclear",
        "network_other",
    }
)
"""Flags whose sentence an evidence sentence says already, for whoever shows both."""

WORTH_TELLING_MS = 120_000
"""A wait or a skew below this is how networks and clocks are."""

_METHODS = {
    "hand": Sentence("Chosen by hand."),
    "code": Sentence("Chosen by its location code."),
    "network": Sentence("Suggested by the network."),
    "position": Sentence("Suggested by the device's position."),
    "kiosk": Sentence("Entered at a shared computer."),
}
_CODES = {
    "unchecked": Sentence("A location code was entered; it has not been checked yet."),
    "right": Sentence("The code that was shown at the location was entered."),
    "wrong": Sentence("A location code was entered that this location did not have."),
    "old": Sentence("A location code was entered that this location had at another time."),
    "replayed": Sentence("A location code was entered that this person had used before."),
    "throttled": Sentence("A location code was entered after too many wrong ones, and was not checked."),
    "none_here": Sentence("A location code was entered, but the location had none then."),
}
_NETWORKS = {
    "known": Sentence("The device was in a network that this location is known by."),
    "other": Sentence("The device was in no network that this location is known by."),
}
_ADDRESSES = {
    "known": Sentence("It came here from an address that this location is known by."),
    "other": Sentence("It came here from an address that this location is not known by."),
}
_FENCES = {
    "inside": Sentence("The device put itself inside the location."),
    "outside": Sentence("The device put itself outside the location."),
    "cannot_tell": Sentence("The device's position cannot tell whether it was inside the location."),
}
_EXACT = Sentence("The device took that position to be right within %(metres)s m.")
_SOURCE = Sentence("That position came from %(source)s.")
_SOURCES = {
    "browser": Sentence("the browser"),
    "geoclue": Sentence("the location service of this Linux system"),
    "windows": Sentence("the location service of Windows"),
    "macos": Sentence("the location service of macOS"),
}
_KIOSK = Sentence("Entered with number and PIN at the kiosk “%(name)s”.")
_RIGHT_BY_DEVICE = Sentence(
    "A code of the location was entered; it fits the time on the device's own clock, which nobody confirmed."
)
_TIMES = {
    "server": Sentence("The time is this server's."),
    "confirmed": Sentence("The device counted the time on from this server's clock."),
    "device": Sentence("The time is the device's own clock; nothing confirmed it."),
}
_WAITED = Sentence("It waited %(span)s on the device before it came here.")
_AHEAD = Sentence("The device's clock was %(span)s ahead, which was taken off.")
_BEHIND = Sentence("The device's clock was %(span)s behind, which was added.")
_MINUTES = Sentence("%(minutes)s min")
_HOURS = Sentence("%(hours)s h %(minutes)s min")
_DAYS = Sentence("%(days)s d %(hours)s h")


def needs_a_look(flags: Iterable[str], *, cancelled: bool = False) -> bool:
    """Whether a person should look at an event with these flags; at one that was undone nobody need."""
    return not cancelled and any(flag in NEEDS_A_LOOK for flag in flags)


def evidence_sentences(evidence: EvidenceView, grade: Grade) -> tuple[Sentence, ...]:
    """All that is known of how an event came about, most telling first. What a flag says already is said once, here."""
    said = []
    if evidence.kiosk:
        said.append(_KIOSK.filled(name=evidence.kiosk))
    elif evidence.code is None or evidence.method != "code":
        said.append(_METHODS[evidence.method])
    if evidence.code is not None:
        right_by_device = evidence.code == "right" and grade == "device"
        said.append(_RIGHT_BY_DEVICE if right_by_device else _CODES[evidence.code])
    if evidence.network is not None:
        said.append(_NETWORKS[evidence.network])
    if evidence.address is not None:
        said.append(_ADDRESSES[evidence.address])
    said += _position(evidence)
    said.append(_TIMES[grade])
    skew = evidence.skew_ms or 0
    if grade == "confirmed" and abs(skew) >= WORTH_TELLING_MS:
        said.append((_AHEAD if skew > 0 else _BEHIND).filled(span=span(abs(skew))))
    if evidence.waited_ms >= WORTH_TELLING_MS:
        said.append(_WAITED.filled(span=span(evidence.waited_ms)))
    return tuple(said)


def _position(evidence: EvidenceView) -> list[Sentence]:
    said = []
    if evidence.fence is not None:
        said.append(_FENCES[evidence.fence])
    if evidence.accuracy_m is not None:
        said.append(_EXACT.filled(metres=evidence.accuracy_m))
    if evidence.source:
        said.append(_SOURCE.filled(source=_SOURCES.get(evidence.source, evidence.source)))
    return said


def span(milliseconds: int) -> Sentence:
    """A length of time in two units."""
    minutes = milliseconds // 60_000
    if minutes < 60:
        return _MINUTES.filled(minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return _HOURS.filled(hours=hours, minutes=minutes)
    return _DAYS.filled(days=hours // 24, hours=hours % 24)
