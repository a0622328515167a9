"""The lines to PostgreSQL: how many, how long anything on them may take, and what they are for."""

import time
from typing import Any

from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

CONNECT_SECONDS = 10
_STATEMENT_MS = 60_000
_IDLE_MS = 300_000
"""How long a transaction may wait for us between two statements: longer than whoever takes an export may for a piece
(server.outgoing), so that PostgreSQL ends only what was forgotten."""
_TRUSTED_SECONDS = 1.0
"""So long after a line was last used it is taken to be open still. One that is not after all fails what was about to
begin, as any line may that breaks a moment later."""
_LIMITS = f"-c statement_timeout={_STATEMENT_MS} -c idle_in_transaction_session_timeout={_IDLE_MS}"
_PRE_TENANT = "-c miratag.pre_tenant=on -c default_transaction_read_only=on"


def postgresql_engines(url: URL) -> tuple[Engine, Engine]:
    """One whose transactions begin by what its `begin` listener sends, and one for single statements before the
    organization is known: its lines are marked so for the row rules and cannot write, and need no transaction."""
    trust = _Trust()
    return (
        _engine(url, _LIMITS, trust, size=10, more=20),
        _engine(url, f"{_LIMITS} {_PRE_TENANT}", trust, size=5, more=5),
    )


class _Trust:
    """Which lines need not be tried before they are used: those that were in use just now, unless one broke since."""

    def __init__(self) -> None:
        self._broken = 0.0

    def note(self, context: ExceptionContext) -> None:
        """Hear of an error."""
        if context.is_disconnect:
            self._broken = time.monotonic()

    def extends_to(self, returned: float) -> bool:
        """Whether to a line that was last used then."""
        return self._broken < returned > time.monotonic() - _TRUSTED_SECONDS


def _engine(url: URL, options: str, trust: _Trust, *, size: int, more: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        # The driver sends no BEGIN of its own, which would be another way there and back.
        isolation_level="AUTOCOMMIT",
        pool_size=size,
        max_overflow=more,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": options},
    )

    def returned(_connection: object, record: Any) -> None:
        record.info["returned"] = time.monotonic()

    def taken(connection: Any, record: Any, _proxy: object) -> None:
        if "returned" not in record.info or trust.extends_to(record.info["returned"]):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError("the line was closed") from error

    event.listen(engine, "checkin", returned)
    event.listen(engine, "checkout", taken)
    event.listen(engine, "handle_error", trust.note)
    return engine
