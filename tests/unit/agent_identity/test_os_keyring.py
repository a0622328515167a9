"""The keyring worker with backends that misbehave as real ones were seen to."""

import threading
import time

import keyring.errors
import pytest

from agent.credentials.os_keyring import Backend, KeyringAbsentError, KeyringStore, platform_backend
from agent.credentials.store import CredentialError


class Working:
    """Keeps entries in a dictionary, as a keyring that works does."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not found")


class Failing(Working):
    """Raises the same on every call until it is told to work."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error is not None:
            raise self.error
        super().set_password(service, username, password)


class Hanging(Working):
    """Blocks in every call until somebody answers the keyring's window."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()
        self.calls = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.calls += 1
        self.answered.wait(30)
        return super().get_password(service, username)


def _store(backend: Backend, timeout: float = 5.0) -> KeyringStore:
    return KeyringStore("profile", backend=lambda: backend, timeout=timeout)


def test_entries_are_kept_for_each_profile() -> None:
    backend = Working()
    one = KeyringStore("one", backend=lambda: backend)
    two = KeyringStore("two", backend=lambda: backend)
    one.write("s/m", "first")
    two.write("s/m", "second")
    assert (one.read("s/m"), two.read("s/m")) == ("first", "second")
    one.delete("s/m")
    one.delete("s/m")
    assert (one.read("s/m"), two.read("s/m")) == (None, "second")


def test_the_probe_leaves_nothing() -> None:
    backend = Working()
    _store(backend).check_writable()
    assert backend.entries == {}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (keyring.errors.KeyringLocked("Failed to unlock the collection!"), "locked"),
        (keyring.errors.InitError("Failed to create the collection"), "unavailable"),
        (ConnectionResetError("canary-secret"), "unavailable"),
        (keyring.errors.NoKeyringError("none"), "unavailable"),
    ],
)
def test_each_trouble_is_a_state_with_a_sentence(error: Exception, state: str) -> None:
    store = _store(Failing(error))
    for call in (store.check_writable, lambda: store.read("a"), lambda: store.write("a", "canary-secret")):
        with pytest.raises(CredentialError) as caught:
            call()
        assert caught.value.state == state
        assert "canary-secret" not in caught.value.sentence + repr(caught.value)


def test_it_works_again_once_unlocked() -> None:
    backend = Failing(keyring.errors.KeyringLocked("locked"))
    store = _store(backend)
    with pytest.raises(CredentialError):
        store.write("a", "secret")
    backend.error = None
    store.write("a", "secret")
    assert store.read("a") == "secret"


def test_a_hanging_keyring_lets_its_caller_go_and_fails_the_next_at_once() -> None:
    backend = Hanging()
    store = _store(backend, timeout=0.2)
    with pytest.raises(CredentialError) as caught:
        store.read("a")
    assert caught.value.state == "unavailable"
    began = time.monotonic()
    for _ in range(50):
        with pytest.raises(CredentialError):
            store.read("a")
    assert time.monotonic() - began < 50 * 0.2 / 2
    assert backend.calls == 1
    backend.answered.set()
    store = _store(backend)
    store.write("a", "secret")
    assert store.read("a") == "secret"


def test_after_the_window_is_answered_the_same_store_works() -> None:
    backend = Hanging()
    store = _store(backend, timeout=0.2)
    with pytest.raises(CredentialError):
        store.read("a")
    overdue = store._overdue
    backend.answered.set()
    assert overdue is not None
    overdue.result(5)
    assert store.read("a") is None


def test_without_a_bus_the_platform_has_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(KeyringAbsentError):
        platform_backend()
    with pytest.raises(KeyringAbsentError):
        KeyringStore("profile").check_writable()
