"""Opening a web address or a file in another program of the person's, from a checkout and from a bundle alike."""

import contextlib
import errno
import os
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Iterator
from pathlib import Path

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
    with _explained("The browser could not be opened ({reason}). Copy this address into it: ", url):
        if sys.platform == "linux":
            _open_with_xdg(url)
        elif not webbrowser.open(url):
            raise OSError(errno.ENOENT, "no browser was found")


def open_file(path: Path) -> None:
    """Show a file in the program that the system has for it; as long as above. Raises AgentError unavailable."""
    if not path.is_absolute():
        raise ValueError("only a file whose place is known is opened")
    with _explained("No program showed this file ({reason}). Open it yourself: ", str(path)):
        if sys.platform == "linux":
            _open_with_xdg(str(path))
        elif sys.platform == "win32":
            os.startfile(path)  # noqa: S606 # a file of this app, of a kind that its bytes say
        else:
            subprocess.run(["open", str(path)], check=True, timeout=TIMEOUT_SECONDS)  # noqa: S603, S607


@contextlib.contextmanager
def _explained(words: str, what: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        reason = "xdg-open is not installed" if sys.platform == "linux" else error.strerror
        raise AgentError("unavailable", words.format(reason=reason) + what) from None
    except (OSError, subprocess.SubprocessError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise AgentError("unavailable", words.format(reason=reason) + what) from None


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


def _open_with_xdg(what: str) -> None:
    # A session of its own: a program started by this does not end with the terminal or the app. No shell is involved,
    # and what is opened was checked to be an address or a path.
    opener = subprocess.Popen(  # noqa: S603
        ["xdg-open", what],  # noqa: S607
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
        raise OSError(errno.EIO, f"xdg-open ended with {status}")
