"""Where an account's refresh token is kept: the port, and the stores that need no operating system service."""

import json
import os
import threading
from pathlib import Path
from typing import Protocol

from agent.accounts.account import CredentialKind
from agent.api import CredentialState
from agent.store.profile import sync_folder
from rules.sentence import Sentence


class CredentialError(Exception):
    """A store that cannot be read or written now. `state` is what the interface shows; nothing was lost by it."""

    def __init__(self, state: CredentialState, sentence: str) -> None:
        super().__init__(sentence)
        self.state: CredentialState = state
        self.sentence = sentence


class CredentialStore(Protocol):
    """One secret text for each key. Every method raises CredentialError, and returns within a bounded time."""

    kind: CredentialKind

    def read(self, key: str) -> str | None:
        """The secret, or None when there is none."""

    def write(self, key: str, secret: str) -> None:
        """Keep `secret` under `key`, durably before this returns."""

    def delete(self, key: str) -> None:
        """Forget it; nothing happens when there is none."""

    def check_writable(self) -> None:
        """Raise CredentialError unless a write would succeed now."""


class MemoryStore:
    """Signed in for as long as this process lives."""

    kind: CredentialKind = "memory"

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def read(self, key: str) -> str | None:
        return self._secrets.get(key)

    def write(self, key: str, secret: str) -> None:
        self._secrets[key] = secret

    def delete(self, key: str) -> None:
        self._secrets.pop(key, None)

    def check_writable(self) -> None:
        """Memory always takes another entry."""


class FileStore:
    """One JSON file that only this user can read: an explicit choice, for computers without a keyring."""

    kind: CredentialKind = "file"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def read(self, key: str) -> str | None:
        with self._lock:
            return self._load().get(key)

    def write(self, key: str, secret: str) -> None:
        with self._lock:
            self._save({**self._load(), key: secret})

    def delete(self, key: str) -> None:
        with self._lock:
            secrets = self._load()
            if secrets.pop(key, None) is not None:
                self._save(secrets)

    def check_writable(self) -> None:
        """Writes the present content anew: what a full or read-only disk refuses, it refuses here already."""
        with self._lock:
            self._save(self._load())

    def _load(self) -> dict[str, str]:
        try:
            content = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._trouble("read", error.strerror or type(error).__name__) from None
        except ValueError:
            # The decoder's own words could quote the content, which is secret.
            raise self._trouble("read", "its content is not what Miratag wrote") from None
        if not isinstance(content, dict) or not all(isinstance(secret, str) for secret in content.values()):
            raise self._trouble("read", "its content is not what Miratag wrote")
        return content

    def _save(self, secrets: dict[str, str]) -> None:
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(secrets, file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            raise self._trouble("written", error.strerror or type(error).__name__) from None

    def _trouble(self, what: str, reason: str) -> CredentialError:
        return CredentialError(
            "unavailable",
            Sentence(
                "The sign-in file %(path)s cannot be %(what)s: %(reason)s. Put that right, or sign in again; "
                "everything you saved stays here.",
                path=self._path,
                what=what,
                reason=reason,
            ),
        )
