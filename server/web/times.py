"""Times on a page: the hour that the clock on the wall showed at the place, with its zone, never the server's own."""

from datetime import date, datetime, timedelta

import msgspec
from markupsafe import Markup

from rules.clock import format_utc, parse_utc
from rules.zones import zone_of
from server.web.words import Words


class Clock(msgspec.Struct, frozen=True):
    """Times in one language, told at one moment. `at` is RFC 3339 text; the results are `<time>` elements."""

    words: Words
    now: datetime

    def short(self, at: str, zone: str = "UTC", offset_minutes: int | None = None) -> Markup:
        """As `brief`, with the whole of it on hover."""
        when = parse_utc(at).astimezone(zone_of(zone, offset_minutes))
        return _element(when, self.brief(at, zone, offset_minutes), self._full(when))

    def brief(self, at: str, zone: str = "UTC", offset_minutes: int | None = None) -> str:
        """The hour alone on the day itself, with the day otherwise: mere text, for where no element may stand."""
        where = zone_of(zone, offset_minutes)
        when = parse_utc(at).astimezone(where)
        hour = self.words("%(hour)02d:%(minute)02d", hour=when.hour, minute=when.minute)
        today = self.now.astimezone(where).date()
        if when.date() == today:
            return hour
        if when.date() == today - timedelta(days=1):
            return self.words("yesterday %(hour)s", hour=hour)
        day = day_words(self.words, when, with_year=when.year != today.year)
        return self.words("%(day)s, %(hour)s", day=day, hour=hour)

    def full(self, at: str, zone: str = "UTC", offset_minutes: int | None = None) -> Markup:
        """Day, hour and zone."""
        when = parse_utc(at).astimezone(zone_of(zone, offset_minutes))
        return _element(when, self._full(when), "")

    def since(self, at: str) -> str:
        """How long ago, as `3 h 12 min`."""
        minutes = max(0, int((self.now - parse_utc(at)).total_seconds() // 60))
        hours, rest = divmod(minutes, 60)
        if hours >= 48:
            return self.words.count("%(num)d day", "%(num)d days", hours // 24)
        if hours:
            return self.words("%(hours)d h %(minutes)02d min", hours=hours, minutes=rest)
        return self.words("%(minutes)d min", minutes=rest)

    def _full(self, when: datetime) -> str:
        return self.words(
            "%(day)s, %(hour)02d:%(minute)02d (%(zone)s)",
            day=day_words(self.words, when, with_year=True),
            hour=when.hour,
            minute=when.minute,
            zone=_zone_text(when),
        )


def _zone_text(when: datetime) -> str:
    """`UTC`, `UTC+01:00`: what a reader elsewhere can reckon with."""
    minutes = int((when.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '−'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def day_words(words: Words, when: date, *, with_year: bool = True) -> str:
    """`Mon 23 Nov`, with the year where it is not plain."""
    _ = words
    weekday = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[when.weekday()]
    months = (
        *(_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")),
        *(_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")),
    )
    parts: dict[str, object] = {"weekday": weekday, "day": when.day, "month": months[when.month - 1]}
    if with_year:
        return _("%(weekday)s %(day)d %(month)s %(year)d", **parts, year=when.year)
    return _("%(weekday)s %(day)d %(month)s", **parts)


def _element(when: datetime, text: str, title: str) -> Markup:
    machine = format_utc(when)
    if title:
        return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, title, text)
    return Markup('<time datetime="{}">{}</time>').format(machine, text)
