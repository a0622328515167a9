"""The organization's rules, for admins: what the app does with photos, changes, old reports and large files."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from rules.timesheets import WHOLE
from server.policy.rules import (
    MOST_EDIT_HOURS,
    MOST_KEEP_DAYS,
    MOST_OPEN_HOURS,
    PHOTO_EDGES,
    Rules,
    change_rules,
    current_rules,
    rules_history,
)
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.web.reports import size_text
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words

_ASKED_FOR = ("note_required", "photo_required")
_LOG_DATA = ("log_diagnostics", "log_usage", "log_third_party")
_SIZES = tuple(part * 1024**2 for part in (25, 100, 250, 500, 1024, 2048, 4096))


@get("/rules", sync_to_thread=True)
def rules_page(visit: NamedDependency[Visit], done: FromQuery[str] = "") -> Response[Any]:
    """The rules in force, the form to change them, and every earlier version."""
    visit.require_admin()
    words = visit.words
    good = words("The rules are changed. Each app follows them from the next time it connects.") if done else ""
    return _page(visit, good=good)


@post("/rules", sync_to_thread=True)
def set_rules(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], keys: NamedDependency[SigningKeys]
) -> Response[Any]:
    """Issue the next version, after the person's own password."""
    visit.require_admin()
    typed = _typed(signed_form)
    try:
        visit.require_password(signed_form.one("current"))
        with visit.write() as t:
            change_rules(t, keys, visit.actor, typed)
    except ProblemError as refusal:
        return _page(visit, refusal=refusal, typed=typed)
    return Redirect("/rules?done=changed", status_code=303)


def _page(
    visit: Visit, *, good: str = "", refusal: ProblemError | None = None, typed: Rules | None = None
) -> Response[Any]:
    with visit.read() as t:
        rules, history, now = current_rules(t), rules_history(t), t.now
    words, shown = visit.words, typed or rules
    return visit.page(
        "rules.html",
        refusal=refusal,
        now=now,
        good=good,
        rules=shown,
        edges=[(edge, value_text(words, "photo_max_edge", edge)) for edge in PHOTO_EDGES],
        sizes=[(size, size_text(words, size)) for size in sorted({*_SIZES, rules.max_media_bytes})],
        most_hours=MOST_EDIT_HOURS,
        most_days=MOST_KEEP_DAYS,
        most_open=MOST_OPEN_HOURS,
        whole=shown.report_day == WHOLE,
        history=[
            (
                one,
                [
                    (rule_name(words, name), value_text(words, name, old), value_text(words, name, new))
                    for name, old, new in one.changed
                ],
            )
            for one in history
        ],
    )


def rule_name(words: Words, name: str) -> str:
    """A rule in words."""
    _ = words
    return {
        "photo_max_edge": _("Size of photos"),
        "edit_hours": _("Time for changes"),
        "keep_days": _("Pictures offline"),
        "max_media_bytes": _("Largest file"),
        "open_after_shift_hours": _("Open after a shift"),
        "open_session_hours": _("Open without a shift"),
        "remind_checked_in_hours": _("Reminder while checked in"),
        "correct_hours": _("Corrections without asking"),
        "report_day": _("Day of a night shift"),
        "note_required": _("Note with a check-in"),
        "photo_required": _("Photo with a check-in"),
        "log_diagnostics": _("Log data: faults"),
        "log_usage": _("Log data: usage"),
        "log_third_party": _("Log data: outside analytics"),
    }[name]


def value_text(words: Words, name: str, value: int | str) -> str:
    """What a rule says, in words."""
    if isinstance(value, str):
        whole = words("whole to the day it began on")
        return whole if value == WHOLE else words("split where days begin, at %(hour)s", hour=value)
    if name in (*_ASKED_FOR, *_LOG_DATA):
        return _yes_or_no(words, name, yes=bool(value))
    if name == "photo_max_edge":
        return words("%(num)d pixels on the longer side", num=value) if value else words("As they are")
    if name.endswith("_hours"):
        never = name == "remind_checked_in_hours" and not value
        return words("never") if never else words.count("%(num)d hour", "%(num)d hours", value)
    if name == "keep_days":
        return words.count("%(num)d day", "%(num)d days", value)
    return size_text(words, value)


def _yes_or_no(words: Words, name: str, *, yes: bool) -> str:
    if name in _ASKED_FOR:
        return words("asked for") if yes else words("may be left out")
    return words("people may allow it") if yes else words("forbidden")


def _typed(form: Form) -> Rules:
    others = {*_ASKED_FOR, *_LOG_DATA, "report_day"}
    numbers = {name: _number(form.one(name)) for name in Rules.__struct_fields__ if name not in others}
    asked = {name: form.one(name) == "yes" for name in (*_ASKED_FOR, *_LOG_DATA)}
    whole = form.one("night") != "split"
    day = WHOLE if whole else form.one("report_day").strip()
    return msgspec.convert({**numbers, **asked, "report_day": day}, Rules)


def _number(text: str) -> int:
    """What was typed, or a number that no rule allows."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1


routes = [rules_page, set_rules]
