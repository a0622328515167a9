"""Opening a web address in the person's browser, from a checkout and from a frozen bundle alike."""

import os
import subprocess
import sys
import threading
import webbrowser

from agent.api import AgentError

TIMEOUT_SECONDS = 10.0

# What the bundle's start-up changes so that its own libraries are found; PyInstaller keeps what was there in *_ORIG.
# A browser that inherits these loads the bundle's libraries and fails (pyinstaller#6334).
BUNDLE_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")
QT_VARIABLES = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML2_IMPORT_PATH")


def open_external(url: str) -> None:
    """Open `url`; returns after at most TIMEOUT_SECONDS. Raises AgentError unavailable, with the URL to copy."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("only web addresses are opened")
    try:
        if sys.platform == "linux":
            _open_with_xdg(url)
        elif not webbrowser.open(url):
            raise _failed(url, "no browser was found")
    except FileNotFoundError:
        raise _failed(url, "xdg-open is not installed") from None
    except OSError as error:
        raise _failed(url, error.strerror or type(error).__name__) from None


def outside_environment(environment: dict[str, str]) -> dict[str, str]:
    """The environment for a program that is not part of this bundle."""
    outside = dict(environment)
    for name in BUNDLE_VARIABLES:
        original = outside.pop(f"{name}_ORIG", None)
        if original is not None:
            outside[name] = original
        elif getattr(sys, "frozen", False):
            outside.pop(name, None)
    if getattr(sys, "frozen", False):
        for name in QT_VARIABLES:
            outside.pop(name, None)
    return outside


def _open_with_xdg(url: str) -> None:
    # A session of its own: a browser started by this does not end with the terminal or the app. No shell is involved,
    # and the address was checked to be one.
    opener = subprocess.Popen(  # noqa: S603
        ["xdg-open", url],  # noqa: S607
        env=outside_environment(dict(os.environ)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = opener.wait(TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        # Without a desktop environment xdg-open becomes the browser and ends with it: that is the page being read.
        threading.Thread(target=opener.wait, name="browser", daemon=True).start()
        return
    if status != 0:
        raise _failed(url, f"xdg-open ended with {status}")


def _failed(url: str, reason: str) -> AgentError:
    return AgentError("unavailable", f"The browser could not be opened ({reason}). Copy this address into it: {url}")
