"""Reports, check-ins, sync and status through the real program, without any agent running beside it."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from tests.integration.command_line.conftest import Shell
from tests.live_server import LiveServer


def test_a_report_with_a_photo_and_a_check_in_arrive(
    shell: Shell, server: LiveServer, photo: Path, tmp_path: Path
) -> None:
    shell.sign_in(server)
    place = server.locations[0]
    checked_in = shell.ask("check-in", place.lower())
    assert checked_in["location"] == place
    filed = shell.ask("report", "Crane inspected\nAll in order.", "--location", place, "--attach", str(photo))
    assert shell.ask("sync", "--wait", "40") == {"waiting": 0, "needs_you": 0, "online": True}
    status = shell.ask("status")
    assert (status["signed_in"], status["online"], status["credentials"]) == (True, True, "file")
    assert status["queued"] == 0
    assert status["session"]["location"] == place
    assert status["session"]["since"]
    (report,) = status["reports"]
    assert (report["instance_id"], report["state"]) == (filed["instance_id"], "received")
    _check_receipt(shell, server, tmp_path, report["receipt"], filed["revision_id"])
    assert shell.ask("check-out")["state"] == "saved"
    assert shell.ask("status")["session"] is None
    assert "Crane inspected" in shell.run("status")


def _check_receipt(shell: Shell, server: LiveServer, folder: Path, receipt: object, revision_id: str) -> None:
    file = folder / "receipt.json"
    file.write_text(json.dumps(receipt))
    server.stop()  # verifying needs no server
    try:
        assert shell.ask("receipt", "verify", str(file))["revision_id"] == revision_id
        assert "genuine" in shell.run("receipt", "verify", str(file))
        assert isinstance(receipt, dict)
        file.write_text(json.dumps({**receipt, "payload": receipt["payload"][:-8] + "AAAAAAA="}))
        shell.run("receipt", "verify", str(file), code=1)
        assert "does not hold" in shell.error
    finally:
        server.restart()


def test_without_the_server_work_is_saved_and_goes_out_later(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    shell.run("sync")
    server.stop()
    try:
        shell.run("report", "Written offline")
        shell.run("sync", "--wait", "2", code=1)
        status = shell.ask("status")
        assert (status["signed_in"], status["online"], status["queued"]) == (True, False, 1)
    finally:
        server.restart()
    shell.run("sync", "--wait", "40")
    assert [one["state"] for one in shell.ask("status")["reports"]] == ["received"]


def test_nobody_signed_in(shell: Shell, tmp_path: Path) -> None:
    for command in ("report x", "check-in Gate", "check-out", "sync", "privacy", "sign-out"):
        shell.run(*command.split(), code=3)
        assert "Sign in first" in shell.error
    status = shell.ask("status")
    assert (status["signed_in"], status["credentials"], status["reports"]) == (False, "none", [])
    receipt = tmp_path / "receipt.json"
    receipt.write_text('{"type": "t", "kid": "k", "payload": "", "signature": ""}')
    shell.run("receipt", "verify", str(receipt), code=3)


def test_a_wrong_code_is_refused_and_a_wrong_server_is_not_reached(shell: Shell, server: LiveServer) -> None:
    shell.run("sign-in", "--server", server.url, "--enroll", "WRONG", "--credentials", "file", code=4)
    assert "code is not valid" in shell.error
    shell.run("sign-in", "--server", "http://127.0.0.1:1", "--enroll", "X", "--credentials", "file", code=1)
    shell.run("sign-in", "--server", "http://example.org", "--enroll", "X", code=2)
    assert "https://" in shell.error


def test_without_a_keyring_no_code_is_spent_on_a_sign_in_that_ends_at_once(shell: Shell, server: LiveServer) -> None:
    code = server.enrol(server.facts["worker"][0][0])
    shell.run("sign-in", "--server", server.url, "--enroll", code, code=5)
    assert "--credentials file" in shell.error
    assert code not in shell.error
    shell.run("sign-in", "--server", server.url, "--enroll", code, "--credentials", "file")


@pytest.mark.parametrize("bad", ["missing", "folder", "empty", "lying"])
def test_a_bad_attachment_is_refused_and_nothing_is_filed(
    shell: Shell, server: LiveServer, photo: Path, tmp_path: Path, bad: str
) -> None:
    shell.sign_in(server)
    paths = {
        "missing": tmp_path / "missing.png",
        "folder": tmp_path,
        "empty": tmp_path / "empty.png",
        "lying": tmp_path / "lying.png",
    }
    paths["empty"].write_bytes(b"")
    paths["lying"].write_bytes(b"MZ this is no picture" * 50)
    shell.run("report", "With a bad file", "--attach", str(photo), "--attach", str(paths[bad]), code=2)
    assert "was not filed" in shell.error
    assert shell.ask("status")["reports"] == []


def test_an_unknown_place_names_the_known_ones(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    shell.run("check-in", "Atlantis", code=2)
    assert all(name in shell.error for name in server.locations)
    shell.run("report", "x", "--location", "Atlantis", code=2)
    assert shell.ask("status")["reports"] == []


def test_checking_out_without_a_session_is_a_sentence(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    shell.run("check-out", code=2)
    assert shell.error.strip()


def test_each_command_is_offered_to_usage_counts(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    shell.run("privacy", "grant", "usage")
    shell.run("status")
    [log] = shell.profile.rglob("telemetry.db")
    with closing(sqlite3.connect(f"{log.as_uri()}?mode=ro", uri=True)) as connection:
        records = [LogRecord.FromString(body) for (body,) in connection.execute("SELECT body FROM record")]
    started = [one for one in records if one.event_name == "app.started"]
    assert [value.value.string_value for one in started for value in one.attributes if value.key == "surface"] == [
        "command_line"
    ]


def test_signing_out_keeps_what_waits_and_leaves_no_token_anywhere(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    kept = (shell.profile / "credentials.json").read_text()
    (token,) = json.loads(kept).values()
    assert re.fullmatch(r"\S{20,}", token)
    server.stop()
    try:
        shell.run("report", "Waits for the next sign-in")
    finally:
        server.restart()
    files = [path for path in shell.profile.rglob("*") if path.is_file() and path.name != "credentials.json"]
    assert not [path for path in files if token.encode() in path.read_bytes()]
    shell.run("sign-out")
    assert token not in (shell.profile / "credentials.json").read_text() + "".join(shell.said)
    assert shell.ask("status")["signed_in"] is False
    shell.run("sync", code=3)
    shell.sign_in(server)
    shell.run("sync", "--wait", "40")
    assert [one["state"] for one in shell.ask("status")["reports"]] == ["received"]
