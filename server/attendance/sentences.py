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
    "note_missing": "The organization asks for a note with a check-in; this one came without.",
    "photo_missing": "The organization asks for a photo with a check-in; this one came without.",
    "position_zero": "The position is latitude 0, longitude 0, which devices give when they have none.",
    "accuracy_zero": "The position claims to be exact to the metre or better, which devices are not.",
    "position_outside": "The position that the device gave lies outside the location.",
    "position_unclear": "The position that the device gave cannot tell whether it was inside the location.",
    "network_other": "The device was in no network that the location is known by.",
    "code_unchecked": "A location code was entered; it has not been checked yet.",
    "code_wrong": "The location code was not one of this location.",
    "code_old": "The location code was one of this location, but of another time.",
    "code_replayed": "The same person had used this location code before; each counts once.",
    "code_two_networks": "The same location code came from two networks that are far apart.",
    "code_throttled": "The location code was not checked, as five wrong ones had come within ten minutes.",
    "code_not_here": "A location code was entered, but the location had none then.",
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
