"""Opening a page with a real `xdg-open`: one that a test puts on the path."""

import sys
from pathlib import Path

import pytest

from agent.api import AgentError
from desktop import open_external as opening
from desktop.open_external import open_external, open_file, outside_environment

URL = "https://reports.example.org/oauth/authorize?state=a&b=c d"


def _opener(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    folder.mkdir()
    program = folder / "xdg-open"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_the_address_is_one_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _opener(tmp_path / "bin", monkeypatch, f'printf "%s" "$1" > {tmp_path}/opened')
    open_external(URL)
    assert (tmp_path / "opened").read_text() == URL


def test_a_failing_opener_gives_the_address_to_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _opener(tmp_path / "bin", monkeypatch, "exit 3")
    with pytest.raises(AgentError) as caught:
        open_external(URL)
    assert URL in caught.value.sentence


def test_no_opener_gives_the_address_to_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AgentError) as caught:
        open_external(URL)
    assert "not installed" in caught.value.sentence
    assert URL in caught.value.sentence


def test_a_browser_that_stays_in_front_holds_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _opener(tmp_path / "bin", monkeypatch, f"read line < {tmp_path}/until")
    import os

    os.mkfifo(tmp_path / "until")
    monkeypatch.setattr(opening, "TIMEOUT_SECONDS", 0.3)
    open_external(URL)
    (tmp_path / "until").write_text("closed\n")


def test_only_web_addresses(tmp_path: Path) -> None:
    for url in ("file:///etc/passwd", "javascript:alert(1)", "-h"):
        with pytest.raises(ValueError, match="web addresses"):
            open_external(url)


def test_a_bundle_gives_back_what_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    inside = {
        "LD_LIBRARY_PATH": "/opt/miratag/_internal",
        "LD_LIBRARY_PATH_ORIG": "/usr/lib/mine",
        "DYLD_LIBRARY_PATH": "/opt/miratag/_internal",
        "QT_PLUGIN_PATH": "/opt/miratag/_internal/qt",
        "HOME": "/home/ana",
    }
    assert outside_environment(inside) == {"LD_LIBRARY_PATH": "/usr/lib/mine", "HOME": "/home/ana"}


def test_from_source_nothing_of_the_person_is_taken() -> None:
    mine = {"LD_LIBRARY_PATH": "/usr/lib/mine", "QT_PLUGIN_PATH": "/usr/lib/qt"}
    assert outside_environment(mine) == mine


def test_a_file_is_one_argument_and_a_failing_opener_says_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Photo {1}.jpg"
    _opener(tmp_path / "bin", monkeypatch, f'printf "%s" "$1" > {tmp_path}/opened; test ! -e {tmp_path}/broken')
    open_file(path)
    assert (tmp_path / "opened").read_text() == str(path)
    (tmp_path / "broken").touch()
    with pytest.raises(AgentError) as caught:
        open_file(path)
    assert caught.value.sentence.endswith(f"Open it yourself: {path}")
    with pytest.raises(ValueError, match="place is known"):
        open_file(Path("-h"))
