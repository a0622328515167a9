"""Secrets do not survive redaction, whatever surrounds them; plain words of the program do."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telemetry.redaction import MAX_CHARS, denied, redact_value, redactor

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
}
MARKS = {
    "jwt": "eyJ", "github": "ghp_", "bearer": "mF_9", "password": "hunter2", "json": "zx81", "email": "ana.lima",
    "url": "pass@", "home": "analima", "windows": "AnaLima", "mac": "analima", "ipv4": "192.0.2", "ipv6": "85a3",
    "uuid": "0dfc-785b", "hex": "9f86d081", "base64": "aGVsbG8", "phone": "91234", "key": "MIIEvQ",
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


def test_this_computers_own_folders_go_in_any_case() -> None:
    redact = redactor(Path("/srv/people/AnaL"))
    assert redact("open /SRV/people/anal/x failed") == "open <home>/x failed"


def test_denied_keys_go_at_any_depth_and_objects_show_only_their_type() -> None:
    class Odd:
        def __str__(self) -> str:
            return "hunter2horse"

    value = {"a": [{"Password": "hunter2horse", "n": {"accessToken": 5}}], "o": Odd(), "b": b"hunter2horse", "n": 3}
    assert redact_value(value, redactor()) == {
        "a": [{"Password": "<withheld>", "n": {"accessToken": "<withheld>"}}],
        "o": "<Odd>",
        "b": "<bytes>",
        "n": 3,
    }
    assert not denied("frames")


def test_depth_and_size_are_bounded() -> None:
    nested: object = "end"
    for _ in range(50):
        nested = [nested]
    assert "<deep>" in str(redact_value(nested, redactor()))
    assert len(redactor()("word " * 10_000)) <= MAX_CHARS
    assert len(redact_value(list(range(1000)), redactor())) == 50  # type: ignore[arg-type]


@pytest.mark.parametrize("hostile", ["a" * 100_000, "a@" * 50_000, "-----BEGIN " * 9000, "1." * 50_000, "a:" * 50_000])
def test_hostile_text_takes_no_time(hostile: str) -> None:
    redact = redactor()
    started = time.process_time()
    redact(hostile)
    assert time.process_time() - started < 0.25
