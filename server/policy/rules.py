"""The rules that an admin sets: read, changed as the next version of the policy, and who changed what when."""

from typing import Any

import msgspec

from protocol.statements import PolicyPayload, TelemetryPolicy
from rules.sentence import Sentence
from rules.timesheets import check_report_day
from server import access
from server.accounts.rights import require_admin
from server.policy.document import issue_policy, policy_payload, read_payload
from server.problems import problem
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Transaction
from server.storage.tables import access_record, member, policy

PHOTO_EDGES = (0, 1024, 2048, 3072)
"""Pixels of the longer side of a photo that may be chosen; 0 is as it is."""
MOST_EDIT_HOURS = 366 * 24
MOST_OPEN_HOURS = 7 * 24
MOST_KEEP_DAYS = 3650
LEAST_MEDIA_BYTES = 1024**2
MOST_MEDIA_BYTES = 16 * 1024**3

_PURPOSE = "administration"
_LOG = "log_"
_BOUNDS = {
    "edit_hours": (Sentence("time for changes, in hours,"), 0, MOST_EDIT_HOURS),
    "keep_days": (Sentence("time that pictures stay offline, in days,"), 1, MOST_KEEP_DAYS),
    "max_media_bytes": (Sentence("largest file, in bytes,"), LEAST_MEDIA_BYTES, MOST_MEDIA_BYTES),
    "open_after_shift_hours": (Sentence("time after a shift, in hours,"), 0, MOST_OPEN_HOURS),
    "open_session_hours": (Sentence("time after a check-in, in hours,"), 1, MOST_OPEN_HOURS),
    "remind_checked_in_hours": (Sentence("time until a reminder, in hours,"), 0, MOST_OPEN_HOURS),
    "correct_hours": (Sentence("time for corrections, in hours,"), 0, MOST_EDIT_HOURS),
}


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What an admin chooses; each as in protocol.statements.PolicyPayload."""

    photo_max_edge: int
    edit_hours: int
    keep_days: int
    max_media_bytes: int
    open_after_shift_hours: int = 4
    open_session_hours: int = 16
    remind_checked_in_hours: int = 10
    correct_hours: int = 24
    report_day: str = "whole"
    note_required: bool = False
    photo_required: bool = False
    log_diagnostics: bool = True
    log_usage: bool = True
    log_third_party: bool = True
    """The last three: which categories of log data people may allow at all (protocol.statements.TelemetryPolicy)."""


class RulesVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the policy: when it was issued and by whom (empty: by the server, with the defaults), and which
    rules it changed, as (name, before, after)."""

    version: int
    issued: str
    by: str
    changed: tuple[tuple[str, int | str, int | str], ...]


def current_rules(t: Transaction) -> Rules:
    """The rules in force."""
    return _rules(policy_payload(t))


def change_rules(t: Transaction, keys: SigningKeys, actor: Actor, rules: Rules) -> int:
    """Issue the next policy with these rules and tell every member; its version. Raises ProblemError: not an admin, out
    of bounds, nothing changed."""
    require_admin(t, actor)
    _check(rules)
    before = current_rules(t)
    changed = _changed(before, rules)
    if not changed:
        raise problem(
            "nothing-changed", 400, "Nothing changed", "These rules are in force already. Change one of them."
        )
    issue_policy(t, keys, **_payload(rules))
    version = policy_payload(t).version
    detail = ", ".join(f"{name} {old} -> {new}" for name, old, new in changed)
    access.record(t, actor, "change", "policy", str(version), purpose=_PURPOSE, detail=detail)
    return version


def rules_history(t: Transaction) -> tuple[RulesVersion, ...]:
    """Every version, newest first. Who changed it is what the access record says."""
    authors = {
        row.entity: row.name
        for row in t.all(
            t.select(access_record, access_record.c.entity, member.c.name)
            .join(member, member.c.member_id == access_record.c.actor)
            .where(t.owns(member), access_record.c.entity_kind == "policy", access_record.c.action == "change")
        )
    }
    versions = []
    before: Rules | None = None
    for row in t.all(t.select(policy).order_by(policy.c.version)):
        rules = _rules(read_payload(row.statement))
        changed = _changed(before, rules) if before is not None else ()
        by = authors.get(str(row.version), "")
        versions.append(RulesVersion(version=row.version, issued=row.issued, by=by, changed=changed))
        before = rules
    return tuple(reversed(versions))


def _rules(payload: PolicyPayload) -> Rules:
    of_log_data = {f"{_LOG}{name}": may for name, may in msgspec.structs.asdict(payload.telemetry).items()}
    return msgspec.convert({**msgspec.structs.asdict(payload), **of_log_data}, Rules)


def _payload(rules: Rules) -> dict[str, Any]:
    """The fields of PolicyPayload that these rules are."""
    chosen = msgspec.structs.asdict(rules)
    of_log_data = {name: chosen.pop(f"{_LOG}{name}") for name in TelemetryPolicy.__struct_fields__}
    return {**chosen, "telemetry": TelemetryPolicy(**of_log_data)}


def _changed(before: Rules, after: Rules) -> tuple[tuple[str, int | str, int | str], ...]:
    old: dict[str, Any] = msgspec.structs.asdict(before)
    new: dict[str, Any] = msgspec.structs.asdict(after)
    return tuple((name, old[name], new[name]) for name in old if old[name] != new[name])


def _check(rules: Rules) -> None:
    if rules.photo_max_edge not in PHOTO_EDGES:
        raise problem("bad-rule", 400, "Unknown size", "Choose one of the sizes for photos.", field="photo_max_edge")
    try:
        check_report_day(rules.report_day)
    except ValueError:
        detail = "Say which hour days begin at, like 00:00 or 06:00, or leave a session to the day it began on."
        raise problem("bad-rule", 400, "Unknown hour", detail, field="report_day") from None
    for name, (what, least, most) in _BOUNDS.items():
        if not least <= getattr(rules, name) <= most:
            detail = Sentence(
                "The %(what)s must be from %(least)d to %(most)d. Nothing was changed.",
                what=what,
                least=least,
                most=most,
            )
            raise problem("bad-rule", 400, "Out of bounds", detail, field=name, limit=most)
