"""A process that signs in or renews one token, and dies by SIGKILL at the step it is told. Run by the kill tests.

Arguments: the profile's folder, `file` or `keyring`, and a step (`none`: it lives, and prints what /v1/me answered).
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from agent.accounts.account import CredentialKind
from agent.accounts.directory import AccountDirectory, account_migrations
from agent.api import SignIn
from agent.control.address import profile_name
from agent.credentials.os_keyring import KeyringStore
from agent.credentials.store import CredentialStore, FileStore
from agent.credentials.tokens import TokenSource
from agent.signin.sign_in import SignInService
from agent.store.profile import Profile
from agent.store.state import open_state
from agent.store.writer import Writer
from agent.transport import Cancellation, EgressRow, Reply, Transport

STEPS = (
    "before the check",
    "after the check",
    "before the request",
    "after the reply",
    "before the write",
    "within the write",
    "after the write",
    "after the use",
)


class Doomed:
    """Kills this process when its step comes."""

    def __init__(self, step: str) -> None:
        self.step = step

    def reach(self, step: str) -> None:
        if step == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


class DoomedStore:
    """A real store that may die around each of its calls."""

    def __init__(self, store: CredentialStore, doom: Doomed) -> None:
        self.kind: CredentialKind = store.kind
        self._store = store
        self._doom = doom

    def read(self, key: str) -> str | None:
        return self._store.read(key)

    def check_writable(self) -> None:
        self._doom.reach("before the check")
        self._store.check_writable()
        self._doom.reach("after the check")

    def write(self, key: str, secret: str) -> None:
        self._doom.reach("before the write")
        if self._doom.step == "within the write":
            # The file is whole beside the old one and not yet in its place; a keyring has no such moment to stop at.
            Path.replace = lambda *_: self._doom.reach("within the write")  # type: ignore[method-assign, assignment]
        self._store.write(key, secret)
        self._doom.reach("after the write")

    def delete(self, key: str) -> None:
        self._store.delete(key)


class DoomedTransport(Transport):
    """The real transport, which may die around the request for a token."""

    doom = Doomed("none")

    def request(self, row: EgressRow, method: str, url: str, **keywords: Any) -> Reply:
        renewing = url.endswith("/oauth/token")
        if renewing:
            self.doom.reach("before the request")
        reply = super().request(row, method, url, **keywords)
        if renewing:
            self.doom.reach("after the reply")
        return reply


def main(folder: str, kind: CredentialKind, step: str) -> None:
    """Standard input holds, for a sign-in, the server's address and an enrolment code in two lines."""
    profile = Profile(folder)
    profile.prepare()
    doom = Doomed(step)
    store: CredentialStore = (
        FileStore(profile.path / "sign-in.json") if kind == "file" else KeyringStore(profile_name(profile.path))
    )
    writer = Writer()
    directory = AccountDirectory(open_state(profile, writer, account_migrations))
    transport = DoomedTransport()
    stores: dict[CredentialKind, CredentialStore] = {kind: DoomedStore(store, doom)}
    tokens = TokenSource(directory, stores, transport)
    if directory.current is None:
        command = SignIn(
            server_url=input(), enrolment_code=input(), credentials="file" if kind == "file" else "keyring"
        )
        SignInService(directory, stores, tokens, transport, lambda _: None).sign_in(command, Cancellation())
    else:
        transport.doom = doom
        account = directory.current
        token = tokens.access_token(account.account)
        me = transport.request(
            EgressRow.SIGN_IN,
            "GET",
            f"{account.server_url}/v1/me",
            headers={"Authorization": f"Bearer {token}"},
            deadline=20,
        )
        doom.reach("after the use")
        secrets = [token.encode(), str(store.read(account.account)).encode()]
        leaks = [path.name for path in profile.path.rglob("*") if path.is_file() and _holds(path, secrets)]
        sys.stdout.write(f"me: {me.status}, files with a token: {leaks}\n")
    transport.close()
    writer.close()


def _holds(path: Path, secrets: list[bytes]) -> bool:
    content = path.read_bytes()
    return any(secret in content for secret in secrets)


if __name__ == "__main__":
    main(*sys.argv[1:])  # type: ignore[arg-type]  # the tests name the kinds
