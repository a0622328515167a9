"""The system's own word that its clock was set, or that the computer slept: it costs no look at the clock."""

import contextlib
import ctypes
import logging
import os
import select
import sys
import threading
import time
from collections.abc import Callable

_TEN_YEARS = 10 * 366 * 24 * 3600
_FLAGS = os.O_CLOEXEC | os.O_NONBLOCK
_ABSOLUTE_AND_CANCELLED_WHEN_SET = 3  # TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET

_log = logging.getLogger(__name__)


class ClockWatch:
    """Calls `stepped` on its own daemon thread whenever the wall clock takes a step, until closed."""

    def __init__(self, stepped: Callable[[], None]) -> None:
        """Raises OSError where the system cannot tell."""
        self._timer = _timer_cancelled_when_the_clock_is_set()
        self._end = os.eventfd(0, os.EFD_CLOEXEC)
        self._stepped = stepped
        self._thread = threading.Thread(target=self._watch, name="clock", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No call begins after this."""
        if self._thread.is_alive():
            os.eventfd_write(self._end, 1)
            self._thread.join()
            os.close(self._timer)
            os.close(self._end)

    def _watch(self) -> None:
        waiting = select.poll()
        waiting.register(self._timer, select.POLLIN)
        waiting.register(self._end, select.POLLIN)
        while self._end not in dict(waiting.poll()):
            with contextlib.suppress(OSError):  # ECANCELED is the news itself; read so that the next wait waits
                os.read(self._timer, 8)
            self._stepped()


def watch_clock(stepped: Callable[[], None]) -> ClockWatch | None:
    """A watch, or None where the system has none to offer: then only looking helps."""
    if sys.platform != "linux":
        return None
    try:
        return ClockWatch(stepped)
    except OSError as error:
        _log.info("the system does not tell when its clock is set: %s", error.strerror)
        return None


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Timer(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("first", _Timespec))


def _timer_cancelled_when_the_clock_is_set() -> int:
    """A descriptor that becomes readable at every step of CLOCK_REALTIME, a return from sleep among them.

    See timerfd_create(2); the time it is set to is only there because it must have one. Python has it since 3.13.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    timer: int = libc.timerfd_create(time.CLOCK_REALTIME, _FLAGS)
    if timer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    far = _Timer(_Timespec(0, 0), _Timespec(int(time.time()) + _TEN_YEARS, 0))
    if libc.timerfd_settime(timer, _ABSOLUTE_AND_CANCELLED_WHEN_SET, ctypes.byref(far), None) != 0:
        number = ctypes.get_errno()
        os.close(timer)
        raise OSError(number, os.strerror(number))
    return timer
