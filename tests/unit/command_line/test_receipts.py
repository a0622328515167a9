"""`receipt verify` with files of every kind; no network, no running agent."""

import json
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.program import main
from protocol.statements import POLICY, RECEIPT, ReceiptPayload
from rules.statements import public_key, sign

KEY = Ed25519PrivateKey.generate()
PAYLOAD = ReceiptPayload(
    organization_id="o",
    member_id="m",
    instance_id="i",
    revision_id="r",
    operation_id="p",
    salt="",
    operation_digest="",
    media=("00", "11"),
    received="2026-01-01T10:00:00.000Z",
    previous="",
    access_head="",
)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    path.write_bytes(msgspec.json.encode([public_key(KEY)]))
    return path


def _file(folder: Path, content: bytes) -> str:
    path = folder / "receipt.json"
    path.write_bytes(content)
    return str(path)


def _signed(key: Ed25519PrivateKey = KEY, kind: str = RECEIPT) -> bytes:
    return msgspec.json.encode(sign(key, kind, msgspec.json.encode(PAYLOAD)))


def _verify(*words: str) -> int:
    return main(["--json", "receipt", "verify", *words])


def test_a_genuine_receipt(tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(_file(tmp_path, _signed()), "--keys", str(keys)) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["valid"], printed["instance_id"], printed["media"]) == (True, "i", ["00", "11"])


@pytest.mark.parametrize("content", [_signed(Ed25519PrivateKey.generate()), _signed(kind=POLICY)])
def test_another_key_or_another_statement_proves_nothing(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    assert _verify(_file(tmp_path, content), "--keys", str(keys)) == 1
    shown = capsys.readouterr()
    assert "does not hold" in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("content", [b"", b"[]", b"\x89PNG", b"x" * 2_000_000])
def test_a_file_that_is_no_receipt(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    assert _verify(_file(tmp_path, content), "--keys", str(keys)) == 2
    assert "is not a receipt" in capsys.readouterr().err


def test_files_that_are_not_there(tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(str(tmp_path / "missing"), "--keys", str(keys)) == 2
    assert _verify(_file(tmp_path, _signed()), "--keys", str(tmp_path / "missing")) == 2
    assert capsys.readouterr().err.count("cannot be read") == 2
