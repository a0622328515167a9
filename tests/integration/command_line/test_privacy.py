"""`miratag privacy` on a real server: what may leave, what did, and what became of it."""

import json
import subprocess
import zipfile
from pathlib import Path

from telemetry.catalog import EVENTS
from tests.integration.command_line.conftest import SECONDS, Shell
from tests.live_server import LiveServer


def states(shell: Shell) -> dict[str, str]:
    return {one["category"]: one["state"] for one in shell.ask("privacy", "choices")["categories"]}


def test_everything_is_off_until_it_is_granted(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    assert shell.ask("privacy")["on"] == []
    assert "Nothing optional leaves this computer." in shell.run("privacy")
    assert set(states(shell).values()) == {"unknown"}
    assert shell.ask("privacy", "grant", "diagnostics")["effective"] is True
    assert shell.ask("privacy")["on"] == ["diagnostics"]
    assert "diagnostics: off." in shell.run("privacy", "withdraw", "diagnostics")
    assert states(shell)["diagnostics"] == "denied"
    shell.run("privacy", "grant", "everything", code=2)


def test_choices_that_are_not_log_data_are_switched_too(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    assert shell.ask("privacy", "grant", "network")["on"] is True
    assert shell.ask("privacy")["on"] == ["network"]
    assert shell.ask("privacy", "withdraw", "network")["on"] is False
    position = next(one for one in shell.ask("privacy", "choices")["switches"] if one["switch"] == "position")
    shell.run("privacy", "grant", "position", code=2 if position["locked"] else 0)


def test_connections_are_the_whole_list(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    listed = {one["name"]: one for one in shell.ask("privacy", "connections")["connections"]}
    assert {"sign_in", "sync", "media", "policy", "log_data", "third_party", "erasure", "updates"} == set(listed)
    assert listed["sign_in"]["requests"] > 0
    assert "erasure: 127.0.0.1" in (told := shell.run("privacy", "connections"))
    assert "never used yet" in told


def test_the_catalog_is_told_to_anybody(shell: Shell) -> None:
    told = shell.ask("privacy", "catalog")
    assert {one["name"] for one in told["events"]} == set(EVENTS)
    words = shell.run("privacy", "catalog")
    for event in EVENTS.values():
        assert all(f"  {field.name}: " in words for field in event.fields)


def test_log_data_from_the_first_record_to_the_signed_receipt(shell: Shell, server: LiveServer, tmp_path: Path) -> None:
    shell.sign_in(server)
    shell.run("privacy", "grant", "usage")
    for text in ("Crane inspected", "Gate closed", "Lamp is out"):
        shell.run("report", text)
    found = shell.ask("privacy", "waiting", "--limit", "2")
    assert len(found["records"]) == 2
    assert found["total"] > 2
    removed = found["records"][0]["seq"]
    shell.run("privacy", "remove", str(removed))
    shell.run("privacy", "remove", str(removed), code=2)
    assert "not here any more" in shell.error
    sent = shell.ask("privacy", "send")
    assert sent["records"] >= found["total"] - 1  # sending itself is an event, too

    # What is recorded while it sends may follow in a batch of its own.
    batches = shell.ask("privacy", "ledger")["batches"]
    assert {(one["state"], one["status"]) for one in batches} == {("sent", 200)}
    assert sum(one["records"] for one in batches) >= sent["records"]
    batch = batches[-1]
    entry = shell.ask("privacy", "show", batch["batch_id"])
    assert len(entry["sha256"]) == 64
    assert [one["seq"] for one in entry["records"]] == sorted(one["seq"] for one in entry["records"])
    assert entry["sha256"] in shell.run("privacy", "show", batch["batch_id"])
    shell.run("privacy", "show", "no-batch", code=2)

    sums = shell.ask("privacy", "losses")
    assert sums["recorded"] == sums["accepted"] + sums["queued"] + sum(
        one["count"] for one in sums["items"] if one["category"]
    )
    exported = shell.ask("privacy", "export", str(tmp_path / "log.json"))
    assert Path(exported["path"]).stat().st_size == exported["size"]
    assert len(json.loads(Path(exported["path"]).read_bytes())["sent"]) >= len(batches)
    shell.run("privacy", "clear")
    assert all(one["cleared"] for one in shell.ask("privacy", "ledger")["batches"])

    assert "privacy erase usage" in shell.run("privacy", "withdraw", "usage")
    assert shell.ask("privacy", "erase", "usage")["state"] == "waiting"
    shell.run("sync")
    erasures = shell.ask("privacy", "erasures", "--save", str(tmp_path / "receipts"))
    (done,) = erasures["erasures"]
    assert done["state"] == "done"
    assert done["erased"] >= sent["records"]
    (receipt,) = erasures["saved"]
    assert "genuine" in shell.run("receipt", "verify", receipt)


def test_nothing_sent_is_nothing_to_erase_and_says_so(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    shell.run("privacy", "erase", code=2)
    assert "nothing to erase" in shell.error
    assert shell.ask("privacy", "erasures")["erasures"] == []
    assert "Nothing was sent yet." in shell.run("privacy", "ledger")


def test_a_new_id_is_another_one(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    shell.run("privacy", "grant", "usage")
    ids = []
    for text in ("before", "after"):
        shell.run("report", text)
        shell.run("privacy", "send")
        newest = shell.ask("privacy", "ledger")["batches"][0]
        ids.append(shell.ask("privacy", "show", newest["batch_id"])["installation_id"])
        shell.run("privacy", "reset-id")
    assert ids[0] != ids[1]


def test_cookies_are_listed_and_only_those_that_are_there_are_deleted(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    listed = shell.ask("privacy", "cookies")
    assert listed["blocked"] is True
    assert "Allow them: miratag privacy grant cookies" in shell.run("privacy", "cookies")
    shell.run("privacy", "grant", "cookies")
    assert shell.ask("privacy", "cookies")["blocked"] is False
    shell.run("privacy", "cookies", "delete", "no-such-one", code=2)
    shell.run("privacy", "cookies", "delete", code=2)
    assert shell.ask("privacy", "cookies", "delete", "all")["items"] == []


def test_my_data_comes_as_one_file_and_its_end_says_whether_the_server_gave_its_part(
    shell: Shell, server: LiveServer, tmp_path: Path
) -> None:
    shell.sign_in(server)
    shell.run("report", "Crane inspected")
    shell.run("sync")
    command = shell.command("--json", "privacy", "data", str(tmp_path / "my data.zip"))
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == (0 if told["missing"] is None else 1), done.stderr
    with zipfile.ZipFile(told["path"]) as opened:
        assert opened.testzip() is None
        assert ("server.zip" in opened.namelist()) == (told["missing"] is None)
        assert any(b"Crane inspected" in opened.read(name) for name in opened.namelist())


def test_erasure_is_asked_of_the_organization_and_followed(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    assert "Nothing was asked for yet." in shell.run("privacy", "requests")
    shell.run("privacy", "ask-erasure", "-", given="The photos of my car\n")
    shell.run("sync")
    (request,) = shell.ask("privacy", "requests")["items"]
    assert (request["wish"], request["state"], request["sent"]) == ("The photos of my car", "asked", True)


def test_this_computers_copy_goes_but_unsent_work_only_if_that_is_said(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    shell.run("sync")
    server.stop()
    try:
        shell.run("report", "Only here")
        shell.run("privacy", "erase-copy", code=4)
        assert shell.ask("status")["queued"] == 1
        assert shell.ask("privacy", "erase-copy", "--unsent-too")["erased"] is True
    finally:
        server.restart()
    assert shell.ask("status")["signed_in"] is False
    assert not any(b"Only here" in file.read_bytes() for file in shell.profile.rglob("*") if file.is_file())


def test_the_policy_is_listed_read_and_accepted(shell: Shell, server: LiveServer) -> None:
    shell.sign_in(server)
    newest = shell.ask("privacy", "policies")["items"][0]
    opened = shell.ask("privacy", "policies", str(newest["version"]))
    assert opened["text"]
    accepted = shell.ask("privacy", "policies", str(newest["version"]), "--accept")
    assert accepted["item"]["answer"] == "accepted"
    shell.run("privacy", "policies", "--accept", code=2)
    shell.run("privacy", "policies", "9999", code=2)
