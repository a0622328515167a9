"""For how long nobody has used this computer, on Windows and macOS. Written after their manuals; not run so far."""

import ctypes
import re
import subprocess

_SECONDS = 1.0
_IDLE = re.compile(r'"HIDIdleTime"\s*=\s*(\d+)')


def on_windows() -> float | None:
    """GetLastInputInfo: the tick of the last input, of the same 32 bits as GetTickCount."""

    class LastInput(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("tick", ctypes.c_uint))

    info = LastInput(ctypes.sizeof(LastInput), 0)
    if not ctypes.windll.user32.GetLastInputInfo(ctypes.byref(info)):  # type: ignore[attr-defined]
        return None
    now: int = ctypes.windll.kernel32.GetTickCount()  # type: ignore[attr-defined]
    then: int = info.tick
    return ((now - then) & 0xFFFFFFFF) / 1000


def on_macos() -> float | None:
    """The HID system's own count of nanoseconds, as ioreg(8) prints it."""
    try:
        done = subprocess.run(
            ["/usr/sbin/ioreg", "-c", "IOHIDSystem", "-d", "4"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return read_ioreg(done.stdout)


def read_ioreg(said: str) -> float | None:
    """Seconds, of what it printed."""
    found = _IDLE.search(said)
    return int(found[1]) / 1e9 if found is not None else None
