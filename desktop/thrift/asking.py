"""One answer out of what this system can tell; what it cannot tell counts as free."""

import platform
from collections.abc import Callable

from desktop.thrift import battery_linux, battery_macos, battery_windows, network_manager

_BATTERIES: dict[str, Callable[[], bool]] = {
    "Windows": battery_windows.on_battery,
    "Darwin": battery_macos.on_battery,
}


def thrifty_on_this_system() -> Callable[[], bool]:
    """To be asked on any thread but Qt's: it may take up to a second."""
    return _BATTERIES.get(platform.system(), lambda: battery_linux.on_battery() or network_manager.metered())
