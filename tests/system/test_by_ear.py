"""The real program by keys and by what a screen reader has of it, and nothing else."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.services.screen_reader import CHECKED, FOCUSABLE, FOCUSED, LOOK_SECONDS, Seen
from tests.system.person import Person, app

pytestmark = pytest.mark.system

SECTIONS = ("Choices", "Connections", "Log data", "Erasure", "Cookies", "My data", "Policies")
_MOST_TABS = 60


def open_privacy(person: Person) -> None:
    tray = person.desktop.tray
    assert tray is not None
    tray.wait_for_item()
    tray.wait_for_entry("Privacy")
    tray.press("Privacy")
    person.reader.find("Choices")


def on(person: Person) -> Any:
    return json.loads(person.command("--json", "privacy"))["on"]


def go_to(person: Person, name: str) -> Seen:
    """Press Tab until the keyboard is on it. AssertionError when it is never reached."""
    met = []
    for _ in range(_MOST_TABS):
        person.press("Tab")
        here = focused(person)
        met.append(here.name)
        if here.name.startswith(name):
            return here
    raise AssertionError(f"Tab never reaches {name!r}, but {met}")


def focused(person: Person) -> Seen:
    deadline = time.monotonic() + LOOK_SECONDS
    while time.monotonic() < deadline:
        for seen in person.reader.everything():
            if seen.has(FOCUSED) and seen.role not in ("window", "frame"):
                return seen
    raise AssertionError("the keyboard is nowhere")


def assert_named(person: Person, where: str) -> None:
    everything = person.reader.everything()
    assert any(one.has(FOCUSABLE) for one in everything), where
    assert not [one for one in everything if one.has(FOCUSABLE) and not one.name], where


def test_everything_that_can_be_reached_has_a_name(tmp_path: Path) -> None:
    with app(tmp_path) as (person, _server, _program):
        open_privacy(person)
        for section in SECTIONS:
            person.reader.find(section)
            go_to(person, section)
            person.press("Return")
            person.reader.find(section, role="label")
            assert_named(person, section)
            person.press("Escape")
        tray = person.desktop.tray
        assert tray is not None
        for entry, seen in (("Timesheet", "Earlier"), ("Settings", "See Privacy"), ("Open Miratag", "Check in Ana")):
            tray.press(entry)
            person.reader.find(seen)
            assert_named(person, entry)
        go_to(person, "Check in Ana")
        person.press("space")
        person.reader.find("Find a place")
        assert_named(person, "the places")


def test_a_grant_and_its_withdrawal_by_keys(tmp_path: Path) -> None:
    with app(tmp_path) as (person, _server, _program):
        open_privacy(person)
        go_to(person, "Choices")
        person.press("Return")
        assert not go_to(person, "Send usage counts").has(CHECKED)
        person.press("space")
        assert on(person) == ["usage"]
        assert person.reader.find("Send usage counts").has(CHECKED)
        person.press("space")
        assert on(person) == []
        assert not person.reader.find("Send usage counts").has(CHECKED)
