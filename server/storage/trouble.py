"""When the database or the object store cannot be used for now, told apart from faults of this program."""

import errno
from typing import Literal

import obstore.exceptions
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

Trouble = Literal["full", "away"]

# https://www.sqlite.org/rescode.html: BUSY, LOCKED, NOMEM, READONLY, IOERR, CANTOPEN
_SQLITE_AWAY = frozenset({5, 6, 7, 8, 10, 14})
_SQLITE_FULL = 13
# https://www.postgresql.org/docs/15/errcodes-appendix.html: connection, resources, operator, rollback, lock, system
_POSTGRESQL_AWAY = ("08", "25006", "40", "53", "55P03", "57", "58")
_POSTGRESQL_FULL = "53100"
_NO_SPACE = tuple(f"(os error {number})" for number in (errno.ENOSPC, errno.EDQUOT))


def trouble(error: Exception) -> Trouble | None:
    """full: nothing fits any more; away: locked, unreachable, failing; None: it is neither, but a fault of ours."""
    if isinstance(error, DBAPIError):
        return _of_database(error.orig)
    if isinstance(error, PoolTimeoutError):
        return "away"
    if isinstance(error, obstore.exceptions.BaseError):
        return "full" if any(reason in str(error) for reason in _NO_SPACE) else "away"
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}:
        return "full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "away"
    return None


def _of_database(error: object) -> Trouble | None:
    sqlite_code = getattr(error, "sqlite_errorcode", None)
    if isinstance(sqlite_code, int):
        primary = sqlite_code & 0xFF
        return "full" if primary == _SQLITE_FULL else "away" if primary in _SQLITE_AWAY else None
    state = getattr(error, "sqlstate", None)
    if state is None:  # psycopg names none when it is the connection that failed
        return "away" if type(error).__name__ in {"OperationalError", "ConnectionTimeout"} else None
    return "full" if state == _POSTGRESQL_FULL else "away" if state.startswith(_POSTGRESQL_AWAY) else None
