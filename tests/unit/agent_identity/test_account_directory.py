"""Accounts outlive the process, and one of them is shown."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.accounts.account import Account
from agent.accounts.directory import AccountDirectory, account_migrations, stored_accounts
from agent.api import AgentError
from agent.store.profile import Profile
from agent.store.state import open_state
from agent.store.writer import Writer
from rules.statements import public_key


def _again(profile: Profile) -> tuple[AccountDirectory, Writer]:
    writer = Writer()
    return AccountDirectory(open_state(profile, writer, account_migrations)), writer


def test_an_account_is_read_back_whole(directory: AccountDirectory, profile: Profile, account: Account) -> None:
    directory.put(account)
    again, writer = _again(profile)
    assert again.list() == (account,)
    assert again.current == account
    writer.close()
    assert stored_accounts(profile.state) == (account,)


def test_the_last_put_or_selected_is_shown(directory: AccountDirectory, profile: Profile, account: Account) -> None:
    other = msgspec.structs.replace(account, member_id="m2", name="Jonas Pichler")
    directory.put(account)
    directory.put(other)
    assert directory.current == other
    directory.select(account.account)
    again, writer = _again(profile)
    assert again.current == account
    assert again.list() == (account, other)
    writer.close()


def test_a_new_address_replaces_the_old_and_keeps_one_row(directory: AccountDirectory, account: Account) -> None:
    directory.put(account)
    moved = msgspec.structs.replace(account, server_url="https://reports.example.org")
    directory.put(moved)
    assert directory.list() == (moved,)


def test_signing_out_is_kept(directory: AccountDirectory, profile: Profile, account: Account) -> None:
    directory.put(account)
    directory.sign_out(account.account)
    again, writer = _again(profile)
    assert again.get(account.account).signed_out
    writer.close()


def test_an_unknown_account_is_named_as_such(directory: AccountDirectory) -> None:
    with pytest.raises(AgentError) as caught:
        directory.get("nobody/here")
    assert caught.value.kind == "not_found"


def test_no_profile_has_no_accounts(profile: Profile) -> None:
    assert stored_accounts(profile.state) == ()


def test_new_keys_that_come_during_a_sign_out_do_not_undo_it(
    directory: AccountDirectory, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.put(account)
    newer = public_key(Ed25519PrivateKey.generate())
    writing, may_write = threading.Event(), threading.Event()
    store = directory._state
    write = store.write

    def slow_write(change: Callable[[sqlite3.Connection], None]) -> "Future[None]":
        monkeypatch.setattr(store, "write", write)  # only the first one is slow
        writing.set()
        assert may_write.wait(10)
        return write(change)

    monkeypatch.setattr(store, "write", slow_write)
    with ThreadPoolExecutor(2) as beside:
        keys = beside.submit(directory.learn, account.account, (*account.keys, newer), ())
        assert writing.wait(10)
        out = beside.submit(directory.sign_out, account.account)
        with pytest.raises(NotYetError):
            out.result(0.2)
        may_write.set()
        keys.result(10)
        out.result(10)
    found = directory.get(account.account)
    assert found.signed_out
    assert found.keys[-1] == newer
