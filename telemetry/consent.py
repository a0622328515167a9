"""Consent as pure logic: what is in effect for a category, and in which words the reason is told.

Effective = the person's grant AND the organization's policy AND the environment. Unknown means off. Nothing here can
turn a category on that the person did not grant.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from protocol.statements import TelemetryPolicy
from telemetry.catalog import Category

State = Literal["unknown", "granted", "denied"]
Cause = Literal["person", "organization", "environment"]
Outside = Literal["untold", "nobody", "named", "more"]
"""Whom the organization's server passes log data on to: not told yet · to nobody · to those that the person's choice
is about · to more, or to the same for more, than when the person chose."""
CATEGORIES: tuple[Category, ...] = get_args(Category)

PURPOSES: Mapping[Category, str] = {
    "diagnostics": "Faults of the program, so that they are found and fixed.",
    "usage": "Which parts of the program are used and how long things take, never what was written.",
    "third_party": "Counts for an outside analytics service, relayed by your organization's server.",
}


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The person's choice for one category. `epoch` grows with every change; records bear it."""

    state: State = "unknown"
    epoch: int = 0


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """What besides the person has a say; each can only lower."""

    policy: TelemetryPolicy = TelemetryPolicy()
    do_not_track: bool = False
    global_privacy_control: bool = False
    outside: Outside = "named"


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a category is on. `cause` and `reason` (a sentence) say who keeps it off, if not the person."""

    on: bool
    cause: Cause = "person"
    reason: str = ""


def do_not_track(environment: Mapping[str, str]) -> bool:
    """Whether `DO_NOT_TRACK` asks for silence: set to anything but empty, 0 or false."""
    return environment.get("DO_NOT_TRACK", "").strip().lower() not in ("", "0", "false")


def effect(category: Category, state: State, conditions: Conditions) -> Effect:
    """What is in effect; the reason of the environment goes before the organization's, since it is nearer."""
    if conditions.do_not_track:
        reason = "Off because DO_NOT_TRACK is set on this computer. Unset it and start Miratag again to choose here."
        return Effect(on=False, cause="environment", reason=reason)
    if category == "third_party" and conditions.global_privacy_control:
        reason = "Off because Global Privacy Control is on. Turn that off first to choose here."
        return Effect(on=False, cause="environment", reason=reason)
    if not getattr(conditions.policy, category):
        reason = "Your organization has turned this off for everyone. Ask your organization if you want it on."
        return Effect(on=False, cause="organization", reason=reason)
    if category == "third_party":
        return _passed_on(state, conditions.outside)
    return Effect(on=state == "granted")


def _passed_on(state: State, outside: Outside) -> Effect:
    """A grant is for whom it named: nobody is asked about services unknown, and others do not come under it."""
    if outside == "untold":
        reason = "Whom your organization passes this on to is not known here yet. The next connection to it tells."
        return Effect(on=False, cause="organization", reason=reason)
    if outside == "nobody":
        reason = "Your organization passes nothing on to any third party, so there is nothing to allow."
        return Effect(on=False, cause="organization", reason=reason)
    if outside == "more":
        return Effect(on=False, cause="organization")
    return Effect(on=state == "granted")
