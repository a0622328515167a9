"""A real state.db, and an account to keep in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.accounts.account import Account
from agent.accounts.directory import AccountDirectory, account_migrations
from agent.store.profile import Profile
from agent.store.state import open_state
from agent.store.writer import Writer
from agent.transport import Transport
from rules.statements import public_key


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    made = Profile(tmp_path / "profile")
    made.prepare()
    return made


@pytest.fixture
def directory(profile: Profile) -> Iterator[AccountDirectory]:
    writer = Writer()
    try:
        yield AccountDirectory(open_state(profile, writer, account_migrations))
    finally:
        writer.close()


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport()
    yield made
    made.close()


@pytest.fixture
def account() -> Account:
    return Account(
        server_id="s1",
        member_id="m1",
        server_url="http://127.0.0.1:1",
        token_endpoint="http://127.0.0.1:1/oauth/token",
        revocation_endpoint="http://127.0.0.1:1/oauth/revoke",
        name="Ana Ferreira",
        email="ana@harbour.example.invalid",
        organization_id="o1",
        organization="Harbour Works",
        keys=(public_key(Ed25519PrivateKey.generate()),),
        credentials="memory",
    )
