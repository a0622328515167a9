"""For how long nobody has used this computer: GNOME's idle monitor, else X11's screen saver extension.

Both count milliseconds since the last input. org.freedesktop.ScreenSaver.GetSessionIdleTime is left alone: some
desktops answer in seconds, as it says, and others in milliseconds.
"""

import ctypes
import logging
import os

_log = logging.getLogger(__name__)

_MONITOR = "org.gnome.Mutter.IdleMonitor"
_PATH = "/org/gnome/Mutter/IdleMonitor/Core"
_SECONDS = 1.0


def idle_seconds() -> float | None:
    """None where it is not told."""
    by_desktop = _by_mutter()
    return by_desktop if by_desktop is not None else _by_x11()


def _by_mutter() -> float | None:
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import DBusErrorResponse, unwrap_msg

    call = new_method_call(DBusAddress(_PATH, bus_name=_MONITOR, interface=_MONITOR), "GetIdletime")
    try:
        with open_dbus_connection(bus="SESSION") as connection:
            return int(unwrap_msg(connection.send_and_get_reply(call, timeout=_SECONDS))[0]) / 1000
    except DBusErrorResponse as error:  # another desktop
        _log.debug("no idle monitor: %s", error.name)
    except (OSError, TimeoutError, KeyError, ValueError, TypeError, IndexError) as error:
        _log.info("no idle time: %s", type(error).__name__)
    return None


class _Info(ctypes.Structure):
    """XScreenSaverInfo (X11/extensions/scrnsaver.h)."""

    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle", ctypes.c_ulong),
        ("event_mask", ctypes.c_ulong),
    )


def _by_x11() -> float | None:
    """A connection of its own, closed again: Qt's may be used on its thread only."""
    if not os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return None  # under Wayland X11 sees the input of X11 programs only
    try:
        xlib, saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
    except OSError:  # a system without them
        return None
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XDefaultRootWindow.restype = ctypes.c_ulong
    display = ctypes.c_void_p(xlib.XOpenDisplay(None))
    if not display:
        return None
    try:
        info = _Info()
        asked = saver.XScreenSaverQueryInfo(
            display, ctypes.c_ulong(xlib.XDefaultRootWindow(display)), ctypes.byref(info)
        )
        return int(info.idle) / 1000 if asked else None
    finally:
        xlib.XCloseDisplay(display)
