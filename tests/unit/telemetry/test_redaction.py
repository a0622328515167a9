"""Secrets do not survive redaction, whatever surrounds them; plain words of the program do."""

import ast
import platform
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.logging_handler import OWN_PACKAGES
from telemetry.redaction import MAX_CHARS, denied, redactor
from telemetry.redaction_rules import RULES

REPOSITORY = Path(__file__).resolve().parents[3]

SECRETS = {
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "github": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "bearer": "Bearer mF_9.B5f-4.1JqM",
    "password": "password=hunter2horse",
    "json": '"api_key": "zx81spectrum"',
    "email": "ana.lima@example.invalid",
    "url": "https://ana:pass@files.example.invalid/a?token=abc",
    "home": "/home/analima/Documents/notes.txt",
    "windows": r"C:\Users\AnaLima\AppData",
    "mac": "/Users/analima/Library",
    "ipv4": "192.0.2.17",
    "ipv6": "2001:db8:85a3::8a2e:370:7334",
    "uuid": "01a20621-0dfc-785b-906c-528e6d883b30",
    "hex": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "base64": "aGVsbG8gd29ybGQgdGhpcyBpcyBzZWNyZXQ5OQ==",
    "phone": "+55 11 91234-5678",
    "key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----",
    "stripe": "sk_live_4eC39HqLyjWDarjtT1",
    "sentence": 'passphrase: "quartz plover nests"',
    "userinfo": "ana:quartzplover@files.example.invalid",
    "query": "/find?name=quartzplover&x=1",
    "spaces": r"C:\Users\Ana Quartzplover\Desktop\dismissal.docx",
    "share": r"\\quartzplover\people\dismissal.docx",
    "path": "/srv/customers/quartzplover/dismissal.docx",
    "tilde": "~/quartzplover.txt",
    "loopback6": "fe80::1f2e",
    "mac_address": "9c-b6-d0-e1-2f-3a",
    "place": "48.85661, 2.35222",
    "latitude": "lat=48.85",
    "iban": "GB29 NWBK 6016 1331 9268 19",
}
MARKS = {
    "jwt": "eyJ", "github": "ghp_", "bearer": "mF_9", "password": "hunter2", "json": "zx81", "email": "ana.lima",
    "url": "pass@", "home": "analima", "windows": "AnaLima", "mac": "analima", "ipv4": "192.0.2", "ipv6": "85a3",
    "uuid": "0dfc-785b", "hex": "9f86d081", "base64": "aGVsbG8", "phone": "91234", "key": "MIIEvQ", "stripe": "4eC39",
    "sentence": "plover", "userinfo": "plover", "query": "plover", "spaces": "plover", "share": "plover",
    "path": "plover", "tilde": "plover", "loopback6": "1f2e", "mac_address": "d0-e1", "place": "8566",
    "latitude": "48.85", "iban": "NWBK",
}  # fmt: skip
around = st.text(alphabet=" .,:;()\n'\"<>|", max_size=12)


@pytest.mark.parametrize("kind", SECRETS)
@settings(max_examples=60, deadline=None)
@given(before=around, after=around)
def test_no_secret_survives(kind: str, before: str, after: str) -> None:
    redacted = redactor(Path("/home/somebody"))(f"failed {before}{SECRETS[kind]}{after} to load")
    assert MARKS[kind] not in redacted
    assert redacted.startswith("failed")


@pytest.mark.parametrize(
    "text",
    [
        "agent.sync.loop:Loop.run:120 | agent.store.writer:Store._transact:58",
        "The server answered with %s after %d attempts.",
        "sqlite3.OperationalError < builtins.ValueError",
        "str, int, agent.api.AgentError",
    ],
)
def test_the_programs_own_words_survive(text: str) -> None:
    assert redactor(Path("/home/somebody"))(text) == text


def templates_in(code: str) -> Iterator[str]:
    """What loggers are given as a message in this code."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="warning" | "error" | "exception" | "critical"),
                args=[ast.Constant(value=str(template)), *_],
            ):
                yield template


def test_everything_that_the_program_logs_survives() -> None:
    files = (file for package in OWN_PACKAGES for file in (REPOSITORY / package).rglob("*.py"))
    templates = [template for file in files for template in templates_in(file.read_text())]
    assert len(templates) > 15
    redact = redactor(Path("/home/somebody"))
    assert [redact(one) for one in templates] == templates


def test_names_of_the_person_and_the_computer_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "quartzplover")
    monkeypatch.setattr(platform, "node", lambda: "plovers-laptop.example.invalid")
    redact = redactor(Path("/home/Plover"))
    said = "Quartzplover on PLOVERS-LAPTOP (plovers-laptop.example.invalid), plover, not plovers"
    assert redact(said) == "<user> on <host> (<host>), <user>, not plovers"


def test_a_name_that_says_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "agent")
    assert redactor(Path("/root"))("agent.sync.loop:Loop.run:1") == "agent.sync.loop:Loop.run:1"


letters = st.text(alphabet="abcdefgiksßſıİKwxyzAIS0189=:/.\\@-_+?& \n\"'<>~#", max_size=40)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.one_of(letters, st.sampled_from(list(SECRETS.values())), st.text(max_size=10)), max_size=4))
def test_a_guard_never_keeps_its_pattern_from_finding(parts: list[str]) -> None:
    text = "".join(parts)
    for _, pattern, guard in RULES:
        assert guard(text.lower()) or pattern.search(text) is None, pattern.pattern


def test_redacting_what_was_not_seen_before_is_cheap() -> None:
    """Four texts of an error, none of them remembered: at most 50 microseconds on a machine as slow as ten."""
    redact = redactor()
    frames = " | ".join(f"agent.sync.loop{{0}}:Loop.run:{line}" for line in range(120, 123))
    texts = [
        one.format(number)
        for number in range(500)
        for one in (frames, "Could not read %s after {0} tries.", "agent.api.Agent{0}Error < OSError", "str, int{0}")
    ]
    started = time.process_time()
    for text in texts:
        redact(text)
    assert (time.process_time() - started) / 500 < 0.0005


def test_this_computers_own_folders_go_in_any_case() -> None:
    redact = redactor(Path("/srv/people/AnaL"))
    assert redact("open /SRV/people/anal/x failed") == "open <home> failed"


def test_names_that_tell_of_a_secret_are_known() -> None:
    assert all(map(denied, ("Password", "accessToken", "api_key", "home_address", "pin")))
    assert not any(map(denied, ("frames", "template", "level")))


def test_size_is_bounded() -> None:
    assert len(redactor()("word " * 10_000)) <= MAX_CHARS


@pytest.mark.parametrize(
    "hostile",
    [
        *("a" * 100_000, "a@" * 50_000, "-----BEGIN " * 9000, "1." * 50_000, "a:" * 50_000, "/a" * 50_000),
        *("/home/" + "a " * 50_000, "C:\\" + "a \\" * 50_000, "token" * 20_000 + "=", "::" * 50_000, "?a=" * 30_000),
        *("AB12 " * 20_000, "a-" * 50_000 + "=", "1.234," * 20_000),
    ],
)
def test_hostile_text_takes_no_time(hostile: str) -> None:
    redact = redactor()
    started = time.process_time()
    redact(hostile)
    assert time.process_time() - started < 0.25
