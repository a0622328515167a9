"""When to try again what was not taken: what a server's Retry-After asks for, and pauses that grow."""

from datetime import UTC, datetime

MAX_RETRY_AFTER_SECONDS = 24 * 3600.0
_FIRST_SECONDS = 5.0
_LONGEST_SECONDS = 3600.0


def retry_after(value: str | None, now: datetime) -> float:
    """Seconds of a Retry-After header, number or date, between 0 and 24 hours; nonsense counts as absent."""
    if value is None:
        return 0.0
    try:
        seconds = float(int(value))
    except ValueError:
        import email.utils  # much, for a header that is rarely a date

        try:
            date = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return 0.0
        seconds = ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()
    except OverflowError:
        seconds = MAX_RETRY_AFTER_SECONDS
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def pause_ceiling(attempts: int) -> float:
    """The longest pause after so many failures in a row, in seconds; the actual one is random below it."""
    return min(_FIRST_SECONDS * 2.0 ** min(attempts, 16), _LONGEST_SECONDS)
