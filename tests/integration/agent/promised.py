"""What one person wrote on two devices and a manager decided, in plain Python: what must be there in the end."""

from collections.abc import Iterable
from typing import Any

import msgspec


class Said(msgspec.Struct, frozen=True):
    """What a version or a draft says; `files` are ids. `checklist` is its name, or empty."""

    text: str
    answers: dict[str, Any]
    files: frozenset[str]
    checklist: str = ""

    @property
    def title(self) -> str:
        """What the report is called."""
        return self.text.partition("\n")[0] or self.checklist

    @property
    def rest(self) -> str:
        """The text below the title."""
        return self.text.partition("\n")[2]


class Version(msgspec.Struct, frozen=True):
    """One version, by which device, and the versions that it follows."""

    said: Said
    device: int
    parents: frozenset[str]


class Report:
    """Everything of one report that was committed, in the order it was."""

    def __init__(self) -> None:
        self.versions: dict[str, Version] = {}
        self.comments: dict[str, str] = {}
        self.decided: list[tuple[str, str]] = []

    @property
    def heads(self) -> set[str]:
        """The versions that no other one follows."""
        return set(self.versions) - {parent for one in self.versions.values() for parent in one.parents}

    @property
    def stands(self) -> str:
        """The only head."""
        (head,) = self.heads
        return head

    @property
    def state(self) -> str:
        """The decision while what it was about stands; else whether anything changed."""
        if self.decided and {self.decided[-1][0]} == self.heads:
            return self.decided[-1][1]
        return "edited" if len(self.versions) > 1 else "received"

    def written_on(self, device: int) -> set[str]:
        """The versions of one device."""
        return {revision_id for revision_id, one in self.versions.items() if one.device == device}


class Promised:
    """All of it. `drafts` and `undoable` are of the first and of the second device; what can be undone is kept as the
    draft that it would be. `too_long` are reports that the server refuses until their author shortens them."""

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {}
        self.drafts: tuple[dict[str, Said], dict[str, Said]] = ({}, {})
        self.undoable: tuple[dict[str, Said], dict[str, Said]] = ({}, {})
        self.hashes: dict[str, str] = {}
        self.too_long: tuple[set[str], set[str]] = (set(), set())

    def version(self, instance_id: str, revision_id: str, version: Version) -> None:
        """Another version, or the first."""
        self.reports.setdefault(instance_id, Report()).versions[revision_id] = version

    def all_versions(self) -> dict[str, Version]:
        """Those of every report."""
        return {key: one for report in self.reports.values() for key, one in report.versions.items()}

    def all_comments(self) -> dict[str, tuple[str, str]]:
        """Comment id to report and text."""
        return {
            comment_id: (instance_id, text)
            for instance_id, report in self.reports.items()
            for comment_id, text in report.comments.items()
        }

    def all_files(self) -> set[str]:
        """Every file that a version has."""
        return {one for version in self.all_versions().values() for one in version.said.files}


def nth(things: Iterable[str], number: int) -> str:
    """One of them, whatever the number."""
    listed = list(things)
    return listed[number % len(listed)]
