"""`miratag-server` as an operator types it: what it prints where, exit codes, and mistakes answered in a sentence."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from server.accounts.enrolment_code import normalized
from tests.services.warm_programs import SERVER

REPOSITORY = Path(__file__).resolve().parents[3]


def run(*arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return SERVER.run(*arguments, cwd=REPOSITORY, env={**os.environ, **environment}, input=typed, timeout=60)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a command that was not carried out."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().endswith((".", "DIR", "…")) or "miratag-server" in done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("operator") / "server"
    done = run("init", "--data", str(folder), "--organization", "Harbour")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return folder


def test_the_demo_prints_one_fact_a_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "server.command_line", "init", "--data", str(tmp_path / "server"), "--demo"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["admin", "manager", "worker", "worker"] + ["location"] * 3
    for line in lines[:4]:
        _, email, password = line.split(" ")
        assert "@" in email
        assert len(password) >= 12


def test_nothing_in_the_folder_is_for_others(data: Path) -> None:
    for path in [data, *data.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_second_server_in_the_folder_is_refused(data: Path) -> None:
    before = (data / "secrets" / "token.key").read_bytes()
    assert "already" in refused(run("init", "--data", str(data), "--demo"))
    assert (data / "secrets" / "token.key").read_bytes() == before


def test_a_second_server_on_the_database_is_refused(data: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{data / 'miratag.db'}"
    assert "serves an organization already" in refused(
        run("init", "--data", str(tmp_path / "other"), "--database", url)
    )


def test_adding_a_person_and_enrolling_them(data: Path) -> None:
    added = run("user", "add", "--data", str(data), "Ana@example.invalid", "--name", "Ana", "--group", "Quay")
    assert added.returncode == 0, added.stderr
    assert added.stdout == ""
    enrolled = run("enroll", "--data", str(data), "ana@example.invalid")
    assert enrolled.returncode == 0, enrolled.stderr
    [code] = enrolled.stdout.splitlines()
    assert normalized(code) is not None, "standard output is the code alone"
    assert code not in enrolled.stderr


def test_deactivating_a_person_and_letting_them_in_again(data: Path) -> None:
    assert run("user", "add", "--data", str(data), "kim@example.invalid", "--name", "Kim").returncode == 0
    out = run("user", "deactivate", "--data", str(data), "KIM@example.invalid")
    assert (out.returncode, out.stdout) == (0, "")
    assert "cannot sign in" in out.stderr
    assert "is deactivated" in refused(run("enroll", "--data", str(data), "kim@example.invalid"))
    assert run("user", "activate", "--data", str(data), "kim@example.invalid").returncode == 0
    assert run("enroll", "--data", str(data), "kim@example.invalid").returncode == 0
    assert "no such person" in refused(run("user", "deactivate", "--data", str(data), "nobody@example.invalid"))


def test_a_password_comes_by_standard_input(data: Path) -> None:
    arguments = ("user", "add", "--data", str(data), "--name", "Boss", "--role", "admin", "--password-stdin")
    assert "10 to 200" in refused(run(*arguments, "boss@example.invalid", typed="short\n"))
    assert run(*arguments, "boss@example.invalid", typed="long enough it is\n").returncode == 0
    assert "already has the e-mail" in refused(run(*arguments, "BOSS@example.invalid", typed="long enough it is\n"))


def test_mistakes_are_answered_in_a_sentence(data: Path, tmp_path: Path) -> None:
    assert "init --data" in refused(run("serve", "--data", str(tmp_path / "none")))
    assert "no such person" in refused(run("enroll", "--data", str(data), "nobody@example.invalid"))
    assert "must begin with" in refused(run("serve", "--data", str(data), "--port", "0", "--database", "mysql://x"))
    assert "unprotected" in refused(
        run("serve", "--data", str(data), "--port", "0", "--public-url", "http://a.example")
    )
    assert "https://" in refused(run("serve", "--data", str(data), "--port", "0", "--public-url", "work.example"))
    assert "does not answer" in refused(
        run("enroll", "--data", str(data), "a@b", MIRATAG_DATABASE="postgresql+psycopg://x:y@127.0.0.1:1/z")
    )


def test_a_port_in_use_is_named(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in refused(run("serve", "--data", str(data), "--port", port))


@pytest.mark.parametrize("content", ["port = [", 'unknown = "x"', "database = 7", "\udcff"])
def test_settings_that_cannot_be_read_name_the_file(data: Path, tmp_path: Path, content: str) -> None:
    folder = tmp_path / "server"
    assert run("init", "--data", str(folder)).returncode == 0
    (folder / "settings.toml").write_bytes(content.encode(errors="surrogateescape"))
    assert "settings.toml cannot be read" in refused(run("serve", "--data", str(folder), "--port", "0"))


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "file" in refused(run("init", "--data", str(tmp_path / "file" / "server")))


def test_wrong_usage_is_exit_2() -> None:
    assert run("serve").returncode == 2
    assert run("serve", "--data", "x", "--port", "70000").returncode == 2
    assert run("user", "add", "--data", "x", "a@b", "--name", "A", "--role", "owner").returncode == 2


def test_publishing_a_checklist_and_its_next_version(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "round.json"
    file.write_text('{"title": "Gate round", "fields": [{"field": "shut", "kind": "check", "label": "Gate shut"}]}')
    added = run("template", "add", "--data", str(data), str(file))
    assert added.returncode == 0, added.stderr
    template_id, version = added.stdout.split()
    assert version == "1"
    file.write_text(file.read_text().replace("{", f'{{"template_id": "{template_id}", "version": 9,', 1))
    assert run("template", "add", "--data", str(data), str(file)).stdout == f"{template_id} 2\n"
    assert f"{template_id} 2 offered Gate round\n" in run("template", "list", "--data", str(data)).stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "truncated"),
        ("[]", "Expected `object`"),
        ('{"title": "Round", "fields": [{"kind": "check"}]}', "at $.fields[0]"),
        ('{"title": "Round", "fields": [{"field": "a", "kind": "check", "requierd": true}]}', "$.fields[0].requierd"),
        ('{"title": "", "fields": [{"field": "a", "kind": "check"}]}', "a: The field has no label"),
        ('{"title": "x", "template_id": "x", "fields": [{"field": "a", "kind": "check", "label": "A"}]}', "UUID"),
        ("[" * 100_000, "not a checklist"),
        ('{"title": "' + "x" * 2**20 + '"}', "over 1024 KiB"),
    ],
)
def test_a_file_that_is_no_checklist_is_answered_in_sentences(
    data: Path, tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "round.json"
    file.write_text(content)
    assert words in refused(run("template", "add", "--data", str(data), str(file)))
    assert "file" in refused(run("template", "add", "--data", str(data), str(tmp_path / "absent.json"))).lower()


def test_publishing_the_next_privacy_policy(data: Path, tmp_path: Path) -> None:
    def ask(*words: str) -> subprocess.CompletedProcess[str]:
        return run("policy-text", *words, "--data", str(data))

    first = ask("show", "1").stdout
    assert first == ask("draft").stdout
    assert "# Log data of the app" in first
    file = tmp_path / "policy.txt"
    file.write_text("# Who\n\nWe do.", encoding="utf-8")
    added = ask("add", str(file), "--effective", "2999-01-31", "--changes", "Shorter.")
    assert (added.returncode, added.stdout) == (0, "2\n")
    assert ask("list").stdout.splitlines()[0] == "2 2999-01-31 Privacy policy"
    assert "before today" in refused(ask("add", str(file), "--effective", "2001-01-31", "--changes", "Earlier."))
    file.write_bytes(b"\xff\xfe")
    assert "not text in UTF-8" in refused(
        ask("add", str(file), "--effective", "2999-02-28", "--changes", "Unreadable.")
    )
    assert ask("add", str(file), "--effective", "soon", "--changes", "x").returncode == 2
    assert "no such version" in refused(ask("show", "9"))


def test_statistics_of_one_organization_are_none(data: Path) -> None:
    done = run("statistics", "--data", str(data), "--week", "2026-W09")
    assert done.returncode == 0
    assert [line.rpartition(": ")[2] for line in done.stdout.splitlines()] == ["not told"] * 3
    assert "10 organizations at least" in done.stderr
    assert "not over" in refused(run("statistics", "--data", str(data), "--week", "2999-W09"))


def test_where_log_data_goes_is_checked_before_anything_starts(data: Path) -> None:
    done = run("serve", "--data", str(data), "--port", "0", "--logs-to", "http://collector.example")
    assert "unprotected" in refused(done)
