"""The clock of each operating system that counts from boot and does not stop while the computer sleeps."""

import sys
import time
from functools import cache
from pathlib import Path
from typing import Protocol


class BootClock(Protocol):
    """The port: readings that belong together."""

    def boot_id(self) -> str:
        """Names this start of the computer; another after each."""

    def elapsed_ms(self) -> int:
        """Milliseconds since then, sleep included; never goes back."""

    def awake_ms(self) -> int:
        """The same without the time that the computer slept, from any beginning."""


class LinuxClock:
    """CLOCK_BOOTTIME, and the kernel's boot id."""

    def boot_id(self) -> str:
        return _linux_boot_id()

    def elapsed_ms(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def awake_ms(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1_000_000


@cache  # no process outlives a start of the computer
def _linux_boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


class MacClock:
    """CLOCK_MONOTONIC, which on macOS counts sleep (clock_gettime(3)), and the boot session's UUID."""

    def boot_id(self) -> str:
        import ctypes

        size = ctypes.c_size_t(64)
        text = ctypes.create_string_buffer(size.value)
        if ctypes.CDLL(None, use_errno=True).sysctlbyname(
            b"kern.bootsessionuuid", text, ctypes.byref(size), None, ctypes.c_size_t(0)
        ):
            raise OSError(ctypes.get_errno(), "kern.bootsessionuuid cannot be read")
        return text.value.decode("ascii")

    def elapsed_ms(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1_000_000

    def awake_ms(self) -> int:
        up: int = time.clock_gettime_ns(time.CLOCK_UPTIME_RAW)  # type: ignore[attr-defined,unused-ignore]
        return up // 1_000_000


class WindowsClock:
    """GetTickCount64 counts sleep, QueryUnbiasedInterruptTime does not; the boot counter is in the registry."""

    def boot_id(self) -> str:
        import winreg

        path = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:  # type: ignore[attr-defined,unused-ignore]
            return f"boot-{winreg.QueryValueEx(key, 'BootId')[0]}"  # type: ignore[attr-defined,unused-ignore]

    def elapsed_ms(self) -> int:
        import ctypes

        ticks = ctypes.windll.kernel32.GetTickCount64  # type: ignore[attr-defined,unused-ignore]
        ticks.restype = ctypes.c_ulonglong
        return int(ticks())

    def awake_ms(self) -> int:
        import ctypes

        tenths_of_microseconds = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(  # type: ignore[attr-defined,unused-ignore]
            ctypes.byref(tenths_of_microseconds)
        )
        return tenths_of_microseconds.value // 10_000


def boot_clock() -> BootClock:
    """The one of this operating system."""
    if sys.platform == "win32":
        return WindowsClock()
    return MacClock() if sys.platform == "darwin" else LinuxClock()
