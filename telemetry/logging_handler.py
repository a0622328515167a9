"""Python's logging as diagnostics: the message template, the types of its arguments, and the program's own frames.

The formatted message is never built. A template counts as such only from the program's own loggers (ruff forbids them
to format early); another library may have put anything into its text, so of those only the exception is kept.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from types import TracebackType

from telemetry.catalog import Event
from telemetry.catalog.events import ErrorReported

OWN_PACKAGES = ("agent", "desktop", "protocol", "rules", "telemetry", "ui")
FEEDBACK = ("telemetry", "agent.logdata", "agent.transport", "urllib3", "requests", "opentelemetry")
"""Loggers of what sends log data: their failures would breed records about failing to send records."""

MAX_FRAMES = 20
MAX_CHAIN = 5


class DiagnosticsHandler(logging.Handler):
    """Hands warnings and worse to `record`, which must neither block nor raise."""

    def __init__(self, record: Callable[[Event], None], level: int = logging.WARNING) -> None:
        super().__init__(level)
        self._record = record
        self._within = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        """Record the error; what is logged while doing so is not."""
        if _under(record.name, FEEDBACK) or getattr(self._within, "busy", False):
            return
        self._within.busy = True
        try:
            self._record(error_reported(record))
        except Exception:  # noqa: BLE001 # whoever logs an odd object must not fail of it
            self.handleError(record)
        finally:
            self._within.busy = False


def error_reported(record: logging.LogRecord) -> ErrorReported:
    """The event for one record of logging."""
    error = record.exc_info[1] if record.exc_info else None
    chain = list(_chain(error))
    return ErrorReported(
        level="critical" if record.levelno >= 50 else "error" if record.levelno >= 40 else "warning",
        exception_type=" < ".join(_type_name(one) for one in chain),
        frames=" | ".join(frames(error.__traceback__) if error else ()),
        template=record.msg if isinstance(record.msg, str) and _under(record.name, OWN_PACKAGES) else "",
        argument_types=", ".join(_argument_types(record.args)),
    )


def frames(traceback: TracebackType | None) -> tuple[str, ...]:
    """`module:function:line` of the program's own code, the innermost last; no path and no source text."""
    own = []
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__", "")
        if _under(module, OWN_PACKAGES):
            own.append(f"{module}:{traceback.tb_frame.f_code.co_qualname}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return tuple(own[-MAX_FRAMES:])


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(MAX_CHAIN):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _type_name(value: object) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _argument_types(arguments: object) -> Iterator[str]:
    if isinstance(arguments, tuple):
        yield from map(_type_name, arguments)
    elif isinstance(arguments, dict):  # "%(name)s" style: the keys are the template's, the values are data
        yield from map(_type_name, arguments.values())


def _under(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)
