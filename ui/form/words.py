"""The words of a form: what does not fit, bounds, numbers and times, in the person's language and formats."""

from datetime import date, datetime, time
from math import isfinite

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from protocol.templates import DATE, DATE_TIME, TIME, Field
from rules.templates.filling import Trouble
from rules.templates.kinds import MEDIA, NUMBERS, TEXTS
from rules.templates.reading import Words
from ui import wording

translate = QCoreApplication.translate
_SHORTEST = -128  # QLocale.FloatingPointShortest, which toString takes as a number


def plain_locale() -> QLocale:
    """The person's, without marks between thousands: those could be taken for a decimal point."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator)
    return locale


def number(value: float) -> str:
    """As it is typed here."""
    locale = plain_locale()
    return locale.toString(value) if isinstance(value, int) else locale.toString(value, "f", _SHORTEST)


def read_number(text: str, *, whole: bool) -> float | None:
    """What was typed, with the decimal mark of this place or a point; None if it is no number."""
    words = text.strip().replace("\u2212", "-")
    for locale in (plain_locale(), QLocale.c()):
        found, good = locale.toLongLong(words) if whole else locale.toDouble(words)
        if good and isfinite(found):
            return found
    return None


def explain(trouble: Trouble) -> str:
    """What does not fit and what to do, beside the field; the organization's own words where it has some."""
    if trouble.message:
        return trouble.message
    limit = "" if trouble.limit is None else _bound(trouble.limit)
    return {
        "required": translate("Form", "This needs an answer."),
        "note_required": translate("Form", "Write what is wrong."),
        "wrong_kind": translate("Form", "This cannot be read. Check what was typed."),
        "too_long": translate("Form", "This is over {limit} characters. Shorten it."),
        "too_short": translate("Form", "This is under {limit} characters. Write more."),
        "too_small": translate("Form", "This is below {limit}. Check the number."),
        "too_large": translate("Form", "This is above {limit}. Check the number."),
        "too_few": translate("Form", "At least {limit} are needed."),
        "too_many": translate("Form", "At most {limit} are allowed. Take some off."),
        "not_a_choice": translate("Form", "This is none of the choices. Choose again."),
        "not_a_photo": translate("Form", "Only photos go here. Take the other file off."),
        "not_a_video": translate("Form", "Only videos go here. Take the other file off."),
        "not_attached": translate("Form", "A file is missing. Add it again."),
    }[trouble.code].format(limit=limit)


def _bound(value: float) -> str:
    return number(int(value) if float(value).is_integer() else value)


def bounds(field: Field) -> str:
    """What range a number has, and how many choices, files or rows are asked for; nothing about a text."""
    least, most = field.least, field.most
    if field.kind in TEXTS or (least is None and most is None):
        return ""
    low, high = (None if one is None else _bound(one) for one in (least, most))
    unit = f" {field.unit}" if field.kind in NUMBERS and field.unit else ""
    if low is not None and low == high:
        return translate("Form", "Exactly {number}.").format(number=f"{low}{unit}")
    if low is not None and high is not None:
        return translate("Form", "{least} to {most}.").format(least=low, most=f"{high}{unit}")
    if low is not None:
        return translate("Form", "At least {number}.").format(number=f"{low}{unit}")
    return translate("Form", "At most {number}.").format(number=f"{high}{unit}")


def reading_words(places: dict[str, str]) -> Words:
    """For `rules.templates.reading`; `places` names locations by id."""
    return Words(
        passed=translate("Form", "Pass"),
        failed=translate("Form", "Fail"),
        not_applicable=translate("Form", "Not applicable"),
        location=lambda one: places.get(one, translate("Form", "a place that is not known here")),
    )


def readable(field: Field, text: str) -> str:
    """A date, time or number of an answer as this place writes it; any other text as it is."""
    try:
        if field.kind == DATE:
            day = date.fromisoformat(text)
            return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)
        if field.kind == TIME:
            return wording.clock(datetime.combine(date.today(), time.fromisoformat(text)))  # noqa: DTZ011 - the day is not shown
        if field.kind == DATE_TIME:
            return full_time(text)
        if field.kind in NUMBERS:
            value = float(text.removesuffix(field.unit).strip())
            return f"{number(value if 'e' in text or '.' in text else int(value))} {field.unit}".rstrip()
    except ValueError:
        return text
    return text


def full_time(rfc3339: str) -> str:
    """Day, time and zone: *25 November 2026, 14:05 (UTC+01:00)*."""
    when = wording.moment(rfc3339)
    day = QLocale().toString(QDate(when.year, when.month, when.day), QLocale.FormatType.LongFormat)
    return translate("Time", "{day}, {time}").format(day=day, time=f"{wording.clock(when)} ({zone(when)})")


def zone(when: datetime) -> str:
    """How far a time is from UTC: *UTC+01:00*."""
    text = when.isoformat(timespec="minutes")[16:]
    return f"UTC{text}" if text and text not in {"+00:00", "Z"} else "UTC"


def missing(troubles: tuple[Trouble, ...]) -> str:
    """*3 answers missing, 1 to correct*; nothing when all fits."""
    absent = sum(one.code in {"required", "note_required", "too_few"} for one in troubles)
    wrong = len(troubles) - absent
    parts = []
    if absent:
        parts.append(translate("Form", "%n answer(s) missing", "", absent))
    if wrong:
        parts.append(translate("Form", "%n to correct", "", wrong))
    return ", ".join(parts)


def holds_files(field: Field) -> bool:
    """Whether its answer is a list of files."""
    return field.kind in MEDIA
