"""The operating system's keyring behind one worker thread, because a locked one can block a call without limit."""

import importlib
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from queue import SimpleQueue
from typing import Any, Literal, Protocol, TypeVar, cast

from agent.accounts.account import CredentialKind
from agent.credentials.store import CredentialError
from rules.sentence import Sentence

SERVICE = "Miratag"
PROBE = "writable-check"
TIMEOUT_SECONDS = 20.0
"""Long enough for a person to answer the keyring's own window, short enough for a worker to notice."""

# Named, not discovered: a frozen bundle has no entry points to search, PYTHON_KEYRING_BACKEND must not lead secrets
# away, and a plain-text backend that happens to be installed is never chosen.
BACKENDS: dict[str, tuple[tuple[str, str], ...]] = {
    "linux": (("keyring.backends.SecretService", "Keyring"), ("keyring.backends.kwallet", "DBusKeyring")),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
}

T = TypeVar("T")


class Backend(Protocol):
    """The part of `keyring.backend.KeyringBackend` that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget it; PasswordDeleteError when there is none."""


class KeyringAbsentError(CredentialError):
    """This computer has no keyring that could be used."""

    def __init__(self) -> None:
        super().__init__(
            "unavailable",
            "This computer has no keyring to keep your sign-in, so it lasts until Miratag closes. "
            "Install one (GNOME Keyring, KWallet or KeePassXC) and sign in again to stay signed in.",
        )


class KeyringHangingError(CredentialError):
    """The keyring began to answer and does not."""

    def __init__(self) -> None:
        super().__init__(
            "unavailable",
            "The keyring of this computer does not answer. Look for its window and answer it, then press Retry; "
            "everything you save stays here meanwhile.",
        )


def platform_backend() -> Backend:
    """The first keyring of this operating system that works. Raises KeyringAbsentError. Takes 60 to 200 ms."""
    for module, name in BACKENDS.get(sys.platform, ()):
        backend = getattr(importlib.import_module(module), name)
        if backend.viable:
            return cast("Backend", backend())
    raise KeyringAbsentError


def keyring_state(trouble: CredentialError) -> Literal["absent", "locked", "hanging"] | None:
    """What is wrong with the keyring as a whole; None for a fault inside it, which the log names."""
    if isinstance(trouble, KeyringAbsentError):
        return "absent"
    if isinstance(trouble, KeyringHangingError):
        return "hanging"
    return "locked" if trouble.state == "locked" else None


class KeyringStore:
    """The OS keyring. One daemon thread makes every call; a caller waits at most `timeout` seconds.

    While a call hangs, later ones fail at once instead of queueing behind it; once it returns, all works again.
    `namespace` tells profiles apart: two of them never rotate one token.
    """

    kind: CredentialKind = "keyring"

    def __init__(
        self,
        namespace: str,
        *,
        backend: Callable[[], Backend] = platform_backend,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._namespace = namespace
        self._make_backend = backend
        self._backend: Backend | None = None
        self._timeout = timeout
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[Backend], Any]]] = SimpleQueue()
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._overdue: Future[Any] | None = None

    def read(self, key: str) -> str | None:
        user = self._user(key)
        return self._call(lambda backend: backend.get_password(SERVICE, user))

    def write(self, key: str, secret: str) -> None:
        user = self._user(key)
        self._call(lambda backend: backend.set_password(SERVICE, user, secret))

    def delete(self, key: str) -> None:
        user = self._user(key)
        self._call(lambda backend: _delete(backend, user))

    def check_writable(self) -> None:
        """Writes and removes an entry without a secret."""
        user = self._user(PROBE)

        def probe(backend: Backend) -> None:
            backend.set_password(SERVICE, user, "This entry may be removed.")
            _delete(backend, user)

        self._call(probe)

    def _user(self, key: str) -> str:
        return f"{key} ({self._namespace})"

    def _call(self, work: Callable[[Backend], T]) -> T:
        job: Future[T] = Future()
        with self._lock:
            if self._overdue is not None and not self._overdue.done():
                raise KeyringHangingError
            if self._worker is None:
                self._worker = threading.Thread(target=self._serve, name="keyring", daemon=True)
                self._worker.start()
        self._jobs.put((job, work))
        try:
            return job.result(self._timeout)
        except CancelledError:
            raise KeyringHangingError from None
        except TimeoutError:
            if job.done():  # it ended in the very moment that the wait did
                return job.result()
            if not job.cancel():  # a job that has begun cannot be stopped; one still queued never begins
                with self._lock:
                    self._overdue = job
            raise KeyringHangingError from None

    def _serve(self) -> None:
        while True:
            job, work = self._jobs.get()
            if not job.set_running_or_notify_cancel():
                continue
            try:
                if self._backend is None:
                    self._backend = self._make_backend()
                result = work(self._backend)
            except CredentialError as trouble:
                job.set_exception(trouble)
            except Exception as error:  # noqa: BLE001 - backends of four systems raise what they like; none may end the thread
                self._backend = None
                job.set_exception(_trouble(error))
            else:
                job.set_result(result)
            del job, work  # the last secret does not stay in this frame while it waits


def _delete(backend: Backend, user: str) -> None:
    from keyring.errors import PasswordDeleteError

    try:
        backend.delete_password(SERVICE, user)
    except PasswordDeleteError:
        if backend.get_password(SERVICE, user) is not None:
            raise


def _trouble(error: Exception) -> CredentialError:
    """The state for a backend's error; its own words are left out, as they may quote what it was given."""
    from keyring.errors import KeyringLocked, NoKeyringError

    if isinstance(error, NoKeyringError):
        return KeyringAbsentError()
    if isinstance(error, KeyringLocked) or type(error).__name__ == "LockedException":
        return CredentialError(
            "locked",
            "The keyring of this computer is locked, so Miratag cannot sign in to send your work. "
            "Unlock it and press Retry; everything you save stays here meanwhile.",
        )
    return _broken(type(error).__name__)


def _broken(reason: str) -> CredentialError:
    return CredentialError(
        "unavailable",
        Sentence(
            "The keyring of this computer does not work (%(reason)s). Start it anew or sign out of the "
            "computer and in again, then press Retry; everything you save stays here meanwhile.",
            reason=reason,
        ),
    )
