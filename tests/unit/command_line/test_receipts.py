"""`receipt verify` with files of every kind; no network, no running agent."""

import json
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from desktop.program import main
from protocol.privacy import ErasureAnswerPayload, LogCount, LogErasurePayload
from protocol.statements import ERASURE, ERASURE_ANSWER, POLICY, RECEIPT, ReceiptPayload
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


def test_genuine_statements_about_erasing(tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    of_log_data = LogErasurePayload(
        organization_id="o",
        installation_id="i",
        erasure_id="e",
        categories=("usage",),
        before="2026-03-02T12:00:00.000Z",
        erased=(LogCount(category="usage", records=1),),
        relayed=(LogCount(category="usage", records=7, to="collector.example"),),
        issued="2026-03-02T12:00:01.000Z",
    )
    of_request = ErasureAnswerPayload(
        organization_id="o",
        member_id="m",
        request_id="r",
        asked="2026-03-01T00:00:00.000Z",
        state="kept",
        until="2030-01-01",
        reason="Tax law",
        issued="2026-03-02T12:00:01.000Z",
    )
    for kind, payload, words in (
        (ERASURE, of_log_data, ("1 record of usage", "7 records of usage. Ask collector.example")),
        (ERASURE_ANSWER, of_request, ("kept until 2030-01-01 because: Tax law",)),
    ):
        file = _file(tmp_path, msgspec.json.encode(sign(KEY, kind, msgspec.json.encode(payload))))
        assert main(["receipt", "verify", file, "--keys", str(keys)]) == 0
        shown = capsys.readouterr().out
        assert "genuine" in shown
        assert all(one in shown for one in words)
        assert _verify(file, "--keys", str(keys)) == 0
        assert json.loads(capsys.readouterr().out)["type"] == kind
        wrong = _file(tmp_path, msgspec.json.encode(sign(KEY, kind, b'{"issued": 1}')))
        assert _verify(wrong, "--keys", str(keys)) == 1
        assert "cannot be read" in capsys.readouterr().err


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
