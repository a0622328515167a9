"""The battery on macOS: IOPSGetProvidingPowerSourceType (IOKit/ps/IOPowerSources.h)."""

import ctypes
import ctypes.util

_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_BATTERY = b"Battery Power"  # kIOPMBatteryPowerKey
_LENGTH = 64


def on_battery() -> bool:
    """Whether the computer runs on its battery; where that cannot be asked, mains is assumed."""
    places = ctypes.util.find_library("IOKit"), ctypes.util.find_library("CoreFoundation")
    if None in places:
        return False
    power, foundation = (ctypes.CDLL(one) for one in places)
    copy, release, text = (
        power.IOPSCopyPowerSourcesInfo,
        foundation.CFRelease,
        foundation.CFStringGetCString,
    )
    kind = power.IOPSGetProvidingPowerSourceType
    copy.restype = kind.restype = ctypes.c_void_p
    kind.argtypes = release.argtypes = (ctypes.c_void_p,)
    text.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_long, ctypes.c_uint32)
    text.restype = ctypes.c_bool
    snapshot = copy()
    if not snapshot:
        return False
    try:
        said = ctypes.create_string_buffer(_LENGTH)
        return bool(text(kind(snapshot), said, _LENGTH, _UTF8)) and said.value == _BATTERY
    finally:
        release(snapshot)
