"""What the server says of a member's events: derived from all of them, so that the order of arrival changes nothing."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Final

import msgspec

from protocol.changes import EvidenceView, Held
from rules.clock import parse_utc

_ASKED_FOR = frozenset({"note_missing", "photo_missing"})
END: Final = "check_out"
START: Final = "check_in"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One stored event, as much as judging needs. `at` is RFC 3339 UTC, so text order is time order; `noted` are the
    flags that were found when it arrived, `correct_hours` of a correction what the policy gave then; `by` names the
    manager who entered it."""

    event_id: str
    kind: str
    at: str
    grade: str
    location_id: str | None
    check_in_id: str | None
    supersedes: str | None
    cancelled: bool
    noted: tuple[str, ...]
    evidence: EvidenceView = EvidenceView()
    missing: tuple[str, ...] = ()
    photos: int = 0
    received: str = ""
    correct_hours: int | None = None
    held: Held | None = None
    undo_waits: bool = False
    by: str = ""
    note: str = ""
    reason: str = ""
    zone: str = ""
    offset_minutes: int = 0
    completed_later: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is part of the story at all: not undone, and not kept out of a closed day."""
        return not self.cancelled and self.held in {None, "accepted"}


class Judgement(msgspec.Struct, frozen=True):
    """What follows for one event from all the others of its member."""

    flags: tuple[str, ...]
    superseded_by: str | None
    needs_end: bool


def judge_all(events: Iterable[Standing]) -> dict[str, Judgement]:
    """The judgement of every event, by id. `events` are all of one member's."""
    history = _History(sorted(events, key=lambda event: (event.at, event.event_id)))
    return {
        event.event_id: Judgement(
            flags=tuple(dict.fromkeys([*history.flags(event), *history.noted(event)])),
            superseded_by=history.superseded_by.get(event.event_id),
            needs_end=history.needs_end(event),
        )
        for event in history.events
    }


class _History:
    def __init__(self, ordered: list[Standing]) -> None:
        self.events = ordered
        self.known = {event.event_id: event for event in ordered}
        standing = [event for event in ordered if event.counts]
        self.superseded_by = {event.supersedes: event.event_id for event in standing if event.supersedes}
        firsts = [event for event in standing if not event.supersedes]
        check_ins = [event for event in firsts if event.kind == START]
        self.earlier = {later.event_id: check_in for check_in, later in pairwise(check_ins)}
        self.last = check_ins[-1].event_id if check_ins else None
        self.ends: dict[str, list[Standing]] = {}
        for event in firsts:
            if event.kind == END and event.check_in_id:
                self.ends.setdefault(event.check_in_id, []).append(event)

    def needs_end(self, event: Standing) -> bool:
        return (
            event.kind == START
            and event.counts
            and not event.supersedes
            and event.event_id not in self.ends
            and event.event_id != self.last
        )

    def flags(self, event: Standing) -> list[str]:
        if event.cancelled:
            return []
        if not event.counts:
            return [f"closed_{event.held}"]
        return [*self._story_flags(event), *self._later_word_flags(event)]

    def noted(self, event: Standing) -> Iterable[str]:
        """What was found when it arrived, without what has come since: a correction may bring what was asked for."""
        later = list(self._corrections(event)) if _ASKED_FOR & set(event.noted) else []
        came = {
            "photo_missing": any(one.photos for one in later),
            "note_missing": any(one.note.strip() for one in later),
        }
        return (flag for flag in event.noted if not came.get(flag, False))

    def _corrections(self, event: Standing) -> Iterable[Standing]:
        """What stands instead of it, one after the other."""
        seen = {event.event_id}
        following = self.superseded_by.get(event.event_id)
        while following is not None and following not in seen:
            seen.add(following)
            yield self.known[following]
            following = self.superseded_by.get(following)

    def _story_flags(self, event: Standing) -> list[str]:
        if event.supersedes:
            return [] if event.supersedes in self.known else ["unknown_event_corrected"]
        return self._check_in_flags(event) if event.kind == START else self._later_flags(event)

    def _later_word_flags(self, event: Standing) -> list[str]:
        """What people did about it afterwards."""
        corrected = self.known.get(event.supersedes or "")
        found = {
            "late_correction": corrected is not None and not event.by and _is_late(event, corrected),
            "entered_for_member": bool(event.by),
            "closed_accepted": event.held == "accepted",
            "undo_waits": event.undo_waits,
        }
        return [flag for flag, is_so in found.items() if is_so]

    def _check_in_flags(self, event: Standing) -> list[str]:
        before = self.earlier.get(event.event_id)
        if before is None or any(end.at <= event.at for end in self.ends.get(before.event_id, ())):
            return []
        return ["second_check_in"]

    def _later_flags(self, event: Standing) -> list[str]:
        if event.check_in_id is None:
            return ["no_open_session"]
        check_in = self.known.get(event.check_in_id)
        if check_in is None or check_in.kind != START:
            return ["unknown_check_in"]
        found = [] if check_in.counts else ["no_open_session"]
        if event.at < check_in.at:
            found.append("before_its_check_in")
        if event.kind == END and self.ends[event.check_in_id][0] is not event:
            found.append("second_end")
        return found


def _is_late(correction: Standing, corrected: Standing) -> bool:
    if correction.correct_hours is None:
        return False
    return parse_utc(correction.received) > parse_utc(corrected.at) + timedelta(hours=correction.correct_hours)
