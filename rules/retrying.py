"""When to try again what was not taken: what a server's Retry-After asks for, and pauses that grow."""

from datetime import UTC, datetime

MAX_RETRY_AFTER_SECONDS = 24 * 3600.0
_FIRST_SECONDS = 5.0
_LONGEST_SECONDS = 3600.0


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header, a number or an HTTP date, at most 24 hours; None when absent or unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_RETRY_AFTER_SECONDS)
    import email.utils  # much, for a header that is rarely a date

    try:
        at = email.utils.parsedate_to_datetime(text)
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def pause_ceiling(attempts: int) -> float:
    """The longest pause after so many failures in a row, in seconds; the actual one is random below it."""
    return min(_FIRST_SECONDS * 2.0 ** min(attempts, 16), _LONGEST_SECONDS)
