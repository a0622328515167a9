"""How long something takes or is kept, in words."""

from datetime import timedelta

from server.web.words import Words


def span(words: Words, length: timedelta) -> str:
    """Whole days from two of them on, else whole hours."""
    hours = int(length.total_seconds() // 3600)
    if hours >= 48 and hours % 24 == 0:
        return words.count("%(num)d day", "%(num)d days", hours // 24)
    return words.count("%(num)d hour", "%(num)d hours", hours)
