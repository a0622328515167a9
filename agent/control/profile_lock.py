"""The lock that makes one agent the only one of its profile. The system lets go of it however the process dies."""

import os
import sys
import threading
from pathlib import Path

from agent.errors import AgentError
from rules.sentence import Sentence


class ProfileLock:
    """An exclusive lock on a file, which also says where the holder's control socket is. Not for forked children."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def try_acquire(self) -> bool:
        """Take it if it is free. Raises AgentError cannot_store when the file cannot be made."""
        return self._acquire(wait=False)

    def acquire(self) -> None:
        """Wait for it, blocked in the system and without a limit; a signal handler that raises ends the wait."""
        self._acquire(wait=True)

    def acquire_within(self, seconds: float) -> bool:
        """Wait for it, blocked in the system, no longer than this; whether it is held now. Raises as `try_acquire`."""
        from concurrent.futures import Future  # only here: a start that meets nobody need not load it

        waited: Future[None] = Future()

        def wait() -> None:
            try:
                self._acquire(wait=True)
            except BaseException as error:  # noqa: BLE001 # it belongs to whoever waits
                waited.set_exception(error)
                return
            if waited.set_running_or_notify_cancel():
                waited.set_result(None)
            else:
                self.release()  # nobody waits any more

        threading.Thread(target=wait, name="profile-lock", daemon=True).start()
        try:
            waited.result(seconds)
        except TimeoutError:
            return not waited.cancel()
        return True

    def publish(self, address: str) -> None:
        """Say where the holder's control socket is."""
        assert self._descriptor is not None, "only the holder publishes"
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, address.encode(), 0)

    def release(self) -> None:
        """Let go; the file stays, because removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _acquire(self, *, wait: bool) -> bool:
        assert self._descriptor is None, "held already"
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise AgentError(
                "cannot_store",
                Sentence(
                    "%(path)s cannot be opened: %(why)s. Check the folder's permissions, or choose another with "
                    "--profile.",
                    path=self._path,
                    why=error.strerror,
                ),
            ) from None
        try:
            taken = _lock(descriptor, wait=wait)
        except BaseException:  # also what a signal handler raised: the descriptor would hold the lock
            os.close(descriptor)
            raise
        if not taken:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)  # the address in it is that of a holder who is gone
        self._descriptor = descriptor
        return True


def published_address(path: Path) -> str | None:
    """Where the holder said its control socket is. The holder may be gone: connecting tells."""
    try:
        return path.read_text() or None
    except (OSError, UnicodeDecodeError):
        return None


if sys.platform == "win32":  # not run by this project's tests

    def _lock(descriptor: int, *, wait: bool) -> bool:
        """LockFileEx on one byte far beyond the text, which stays readable."""
        import ctypes
        import msvcrt
        from ctypes import wintypes

        class Overlapped(ctypes.Structure):
            _fields_ = [
                ("Internal", ctypes.c_void_p),
                ("InternalHigh", ctypes.c_void_p),
                ("Offset", wintypes.DWORD),
                ("OffsetHigh", wintypes.DWORD),
                ("hEvent", wintypes.HANDLE),
            ]

        where = Overlapped(Offset=0x7FFFFFFF)
        exclusive, at_once, violation = 0x2, 0x1, 33
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        handle = wintypes.HANDLE(msvcrt.get_osfhandle(descriptor))
        flags = exclusive if wait else exclusive | at_once
        if kernel32.LockFileEx(handle, flags, 0, 1, 0, ctypes.byref(where)):
            return True
        if ctypes.get_last_error() == violation:
            return False
        raise ctypes.WinError(ctypes.get_last_error())

else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool) -> bool:
        """flock, which follows the open file and not the process, so that it holds between threads too."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
