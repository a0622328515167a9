"""Where macOS says this computer is: CLLocationManager, by the Objective-C runtime. Written after its documentation;
not run so far.

https://developer.apple.com/documentation/corelocation/cllocationmanager. macOS asks the person itself, once, and shows
them in its settings that this program may know.
"""

import ctypes
import ctypes.util
import logging
import time
from typing import Any

from protocol.operations import Position

_log = logging.getLogger(__name__)

SOURCE = "macos"
_STEP_SECONDS = 0.1


class _Coordinate(ctypes.Structure):
    """CLLocationCoordinate2D."""

    _fields_ = (("latitude", ctypes.c_double), ("longitude", ctypes.c_double))


class _Runtime:
    """Messages to objects, and the run loop that brings their answers."""

    def __init__(self) -> None:
        """Raises OSError where this is no macOS."""
        self._objc = ctypes.CDLL(ctypes.util.find_library("objc") or "libobjc.dylib")
        ctypes.CDLL("/System/Library/Frameworks/CoreLocation.framework/CoreLocation")
        self._core = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
        self._objc.objc_getClass.restype = ctypes.c_void_p
        self._objc.sel_registerName.restype = ctypes.c_void_p
        self._core.CFRunLoopRunInMode.argtypes = (ctypes.c_void_p, ctypes.c_double, ctypes.c_bool)

    def new(self, name: bytes) -> Any:
        return self.send(self.send(self._objc.objc_getClass(name), b"alloc"), b"init")

    def send(self, target: Any, message: bytes, kind: Any = ctypes.c_void_p) -> Any:
        selector = ctypes.c_void_p(self._objc.sel_registerName(message))
        address = ctypes.cast(self._objc.objc_msgSend, ctypes.c_void_p).value
        assert address is not None, "it was found in the library"
        return ctypes.CFUNCTYPE(kind, ctypes.c_void_p, ctypes.c_void_p)(address)(target, selector)

    def turn(self, seconds: float) -> None:
        mode = ctypes.c_void_p.in_dll(self._core, "kCFRunLoopDefaultMode")
        self._core.CFRunLoopRunInMode(mode, seconds, False)


def find(seconds: float) -> Position | None:
    """Ask once, for at most `seconds`; None where nothing is told."""
    deadline = time.monotonic() + seconds
    try:
        runtime = _Runtime()
    except (OSError, AttributeError) as error:
        _log.info("no position: %s", type(error).__name__)
        return None
    manager = runtime.new(b"CLLocationManager")
    runtime.send(manager, b"startUpdatingLocation", None)
    try:
        while time.monotonic() < deadline:
            runtime.turn(_STEP_SECONDS)
            where = runtime.send(manager, b"location")
            if where:
                return _position(runtime, where)
    finally:
        runtime.send(manager, b"stopUpdatingLocation", None)
        runtime.send(manager, b"release", None)
    return None


def _position(runtime: _Runtime, where: Any) -> Position | None:
    at = runtime.send(where, b"coordinate", _Coordinate)
    accuracy = runtime.send(where, b"horizontalAccuracy", ctypes.c_double)
    if accuracy < 0:  # what it says of a place that it does not know
        return None
    return Position(latitude=at.latitude, longitude=at.longitude, accuracy_m=accuracy, source=SOURCE)
