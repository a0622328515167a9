"""What the server says of a member's events: derived from all of them, so that the order of arrival changes nothing."""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

END = "check_out"
START = "check_in"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One stored event, as much as judging needs. `at` is RFC 3339 UTC, so text order is time order; `noted` are the
    flags that were found when it arrived."""

    event_id: str
    kind: str
    at: str
    grade: str
    location_id: str | None
    check_in_id: str | None
    supersedes: str | None
    cancelled: bool
    noted: tuple[str, ...]


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
            flags=tuple(dict.fromkeys([*history.flags(event), *event.noted])),
            superseded_by=history.superseded_by.get(event.event_id),
            needs_end=history.needs_end(event),
        )
        for event in history.events
    }


class _History:
    def __init__(self, ordered: list[Standing]) -> None:
        self.events = ordered
        self.known = {event.event_id: event for event in ordered}
        standing = [event for event in ordered if not event.cancelled]
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
            and not event.cancelled
            and not event.supersedes
            and event.event_id not in self.ends
            and event.event_id != self.last
        )

    def flags(self, event: Standing) -> list[str]:
        if event.cancelled:
            return []
        if event.supersedes:
            return [] if event.supersedes in self.known else ["unknown_event_corrected"]
        return self._check_in_flags(event) if event.kind == START else self._later_flags(event)

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
        found = ["no_open_session"] if check_in.cancelled else []
        if event.at < check_in.at:
            found.append("before_its_check_in")
        if event.kind == END and self.ends[event.check_in_id][0] is not event:
            found.append("second_end")
        return found
