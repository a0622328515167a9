"""The battery on Windows: GetSystemPowerStatus (winbase.h)."""

import ctypes

_OFFLINE = 0


class _PowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS."""

    _fields_ = (
        ("ACLineStatus", ctypes.c_ubyte),
        ("BatteryFlag", ctypes.c_ubyte),
        ("BatteryLifePercent", ctypes.c_ubyte),
        ("SystemStatusFlag", ctypes.c_ubyte),
        ("BatteryLifeTime", ctypes.c_ulong),
        ("BatteryFullLifeTime", ctypes.c_ulong),
    )


def on_battery() -> bool:
    """Whether the computer has no mains; unknown counts as mains."""
    windows = getattr(ctypes, "windll", None)
    if windows is None:
        return False
    status = _PowerStatus()
    asked = windows.kernel32.GetSystemPowerStatus(ctypes.byref(status))
    return bool(asked) and status.ACLineStatus == _OFFLINE
