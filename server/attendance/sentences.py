"""Every flag in words for the person and for who reviews it: what was noticed, never an accusation."""

SENTENCES = {
    "second_check_in": "An earlier check-in was still open; that one needs an end.",
    "no_open_session": "There was no open check-in that this belongs to.",
    "unknown_check_in": "The check-in that this belongs to has not arrived here.",
    "unknown_event_corrected": "The entry that this corrects has not arrived here.",
    "before_its_check_in": "Its time is before the check-in it belongs to.",
    "second_end": "The same check-in already has an earlier end.",
    "from_the_future": "Its time was ahead of the server's clock when it arrived.",
    "long_ago": "It is about a time more than 31 days before it arrived.",
    "location_retired": "The location was no longer in use when this arrived.",
    "no_place": "No location was chosen and no note says where it was.",
    "position_zero": "The position is latitude 0, longitude 0, which devices give when they have none.",
    "accuracy_zero": "The position claims to be exact to the metre or better, which devices are not.",
    "code_unchecked": "A location code was entered; it has not been checked.",
    "completed_later": "The end was given afterwards.",
    "entered_for_member": "A manager entered this for the person it is about.",
    "late_correction": "It was corrected later than the rules allow without asking.",
    "closed_waiting": "It came into a day that was closed already; it counts once a manager lets it in.",
    "closed_accepted": "It came into a day that was closed already; a manager let it in.",
    "closed_left_out": "It came into a day that was closed already; a manager left it out, so it does not count.",
    "undo_waits": "It was undone after its day was closed; the undo counts once a manager lets it in.",
}
"""By flag; the flags are the stable names of `protocol.changes.AttendanceView`."""


def sentences(flags: tuple[str, ...]) -> tuple[str, ...]:
    """The words for these flags, in their order."""
    return tuple(SENTENCES[flag] for flag in flags)
