"""Signing keys: made once, kept private, and a successor that the keys before it vouch for."""

import stat
from pathlib import Path

import pytest

from protocol.statements import RECEIPT
from rules.statements import trusted_keys, verify
from server.receipts.keys import ENVIRONMENT_NAME, SigningKeyError, SigningKeys, add_key


def test_the_first_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "signing"
    first = SigningKeys.load_or_create(folder, {})
    assert SigningKeys.load_or_create(folder, {}).public_keys() == first.public_keys()
    [path] = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    statement = first.sign(RECEIPT, b"payload")
    assert verify(statement, first.public_keys(), RECEIPT) == b"payload"


def test_a_successor_is_trusted_through_the_pinned_key(tmp_path: Path) -> None:
    pinned = SigningKeys.load_or_create(tmp_path, {}).public_keys()
    add_key(tmp_path)
    add_key(tmp_path)
    later = SigningKeys.load_or_create(tmp_path, {})
    assert later.public_keys()[0] == pinned[0]
    statement = later.sign(RECEIPT, b"payload")
    assert statement.kid == later.public_keys()[2].kid
    trusted = trusted_keys(pinned, later.public_keys())
    assert verify(statement, trusted, RECEIPT) == b"payload"


def test_a_foreign_key_is_not_trusted(tmp_path: Path) -> None:
    pinned = SigningKeys.load_or_create(tmp_path / "ours", {}).public_keys()
    theirs = SigningKeys.load_or_create(tmp_path / "theirs", {}).public_keys()
    assert trusted_keys(pinned, theirs) == pinned


def test_the_environment_wins_and_keeps_no_file(tmp_path: Path) -> None:
    add_key(tmp_path / "a")
    add_key(tmp_path / "a")
    secret = "".join(path.read_text() for path in sorted((tmp_path / "a").iterdir()))
    keys = SigningKeys.load_or_create(tmp_path / "b", {ENVIRONMENT_NAME: secret})
    assert keys.public_keys() == SigningKeys.load_or_create(tmp_path / "a", {}).public_keys()
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_is_named_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "0001.pem"
    path.write_bytes(content)
    with pytest.raises(SigningKeyError, match=r"0001\.pem.*backup"):
        SigningKeys.load_or_create(tmp_path, {})
    assert path.read_bytes() == content
