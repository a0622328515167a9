"""An organization to look at: people, places, work that came in through the same functions that sync uses."""

import hashlib
import secrets
import shutil
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from uuid6 import uuid7

from protocol.discovery import Operator
from protocol.moment import Moment
from protocol.operations import (
    ATTENDANCE_RECORD,
    REPORT_REVISE,
    AttendanceEvent,
    ManifestEntry,
    ReportRevision,
)
from protocol.sync import Operation
from protocol.templates import Template
from rules.clock import format_utc
from rules.templates.filling import sendable
from server.accounts import groups, members
from server.accounts.members import NewMember
from server.accounts.passwords import hash_password
from server.founding import found, operator_of, organizations
from server.locations import places
from server.media import uploads
from server.media.uploads import NewUpload, Piece
from server.receipts.keys import SigningKeys
from server.settings import Settings, Written, load
from server.storage.database import Actor, Database
from server.storage.members import lock_member
from server.storage.objects import Objects
from server.storage.tables import member, organization
from server.sync.operations import keep
from server.templates.publishing import publish_version

PASSWORD = "correct horse battery"


class Person(msgspec.Struct, frozen=True):
    """One member, with what signing in takes."""

    actor: Actor
    name: str
    email: str


class Filled:
    """A server's data folder with one organization (`own`) and a second one beside it (`other`)."""

    def __init__(self, settings: Settings, own: str, other: str) -> None:
        self.settings, self.own, self.other = settings, own, other
        self.database = Database(settings.database_url)
        self.objects = Objects(settings.media_url)
        self.keys = SigningKeys.load_or_create(settings.signing_keys)
        self._begun = self.database.now()

    @classmethod
    def found(cls, folder: Path) -> "Filled":
        """A new one."""
        operator = Operator(
            name="Example Services Ltd", address="1 Example Street, Lisbon", contact="help@example.invalid"
        )
        settings = found(folder, Written(operator=operator), "Harbour Works")
        database = Database(settings.database_url)
        own, other = organizations(database)[0], str(uuid7())
        with database.write(other) as t:
            t.insert(organization, name="Another Company", created=t.now_text)
        database.close()
        return cls(settings, own, other)

    def copy(self, folder: Path) -> "Filled":
        """The same once more, in a folder of its own. This one is closed by then."""
        shutil.copytree(self.settings.data, folder)
        return Filled(load(folder, address=self.settings.public_url, given={}, environment={}), self.own, self.other)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def person(
        self, name: str, role: str = "worker", *, group: str = "", cares_for: str = "", other: bool = False
    ) -> Person:
        """Somebody of the organization; `cares_for` is a group's id or `everything`."""
        organization_id = self.other if other else self.own
        mailbox = name.lower().replace(" ", ".")
        email = f"{mailbox}@{'other' if other else 'harbour'}.example.invalid"
        operator = operator_of(organization_id)
        with self.database.write(organization_id) as t:
            new = NewMember(name=name, email=email, role=role, group_ids=(group,) if group else ())
            member_id = members.add(t, operator, new)
            t.execute(t.update(member).where(member.c.member_id == member_id).values(password_hash=_password_hash()))
            if cares_for:
                groups.give(t, operator, member_id, group_id=None if cares_for == "everything" else cares_for)
        return Person(Actor(organization_id, member_id, role), name, email)

    def group(self, name: str) -> str:
        """A group's id."""
        with self.database.write(self.own) as t:
            return groups.add(t, operator_of(self.own), name)

    def location(self, name: str, zone: str = "Europe/Lisbon", address: str = "") -> str:
        """A location's id."""
        with self.database.write(self.own) as t:
            return places.add(t, operator_of(self.own), name=name, zone=zone, address=address)

    def checklist(self, wanted: Template) -> Template:
        """A checklist, published."""
        with self.database.write(self.own) as t:
            return publish_version(t, operator_of(self.own), wanted)

    def file(self, person: Person, content: bytes, name: str, content_type: str, *, held: bool = True) -> ManifestEntry:
        """A file of a person, uploaded unless `held` is false."""
        entry = ManifestEntry(
            media_id=str(uuid7()),
            name=name,
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        if not held:
            return entry
        wanted = NewUpload(
            length=len(content), media_id=entry.media_id, sha256=entry.sha256, content_type=content_type, metadata=""
        )
        with self.database.write(person.actor.organization_id) as t:
            upload = uploads.create(t, person.actor, wanted)
        key = f"tests/{secrets.token_hex(8)}"
        self.objects.put(key, content)
        with self.database.write(person.actor.organization_id) as t:
            uploads.advance(t, person.actor, upload.upload_id, [Piece(0, len(content), key)])
        uploads.finish(self.database, self.objects, self.keys, person.actor, upload.upload_id)
        return entry

    def begin_upload(self, person: Person, entry: ManifestEntry, arrived: int) -> None:
        """The first bytes of a file that is announced and not held."""
        wanted = NewUpload(
            length=entry.size,
            media_id=entry.media_id,
            sha256=entry.sha256,
            content_type=entry.content_type,
            metadata="",
        )
        key = f"tests/{secrets.token_hex(8)}"
        self.objects.put(key, bytes(arrived))
        with self.database.write(person.actor.organization_id) as t:
            upload = uploads.create(t, person.actor, wanted)
            uploads.advance(t, person.actor, upload.upload_id, [Piece(0, arrived, key)])

    def report(
        self,
        person: Person,
        title: str,
        text: str = "",
        *,
        location: str | None = None,
        files: tuple[ManifestEntry, ...] = (),
        ago: timedelta = timedelta(),
        revises: tuple[str, tuple[str, ...]] | None = None,
        filled: tuple[Template, dict[str, Any]] | None = None,
    ) -> tuple[str, str]:
        """File a report, or revise one (`revises`: its instance and the parents), `filled` with answers to a checklist;
        (instance id, revision id)."""
        instance_id, parents = revises or (str(uuid7()), ())
        revision_id = str(uuid7())
        self._keep(
            person,
            REPORT_REVISE,
            instance_id,
            ReportRevision(
                instance_id=instance_id,
                revision_id=revision_id,
                parents=parents,
                title=title,
                text=text,
                location_id=location,
                template_id=filled[0].template_id if filled else None,
                template_version=filled[0].version if filled else None,
                answers=sendable(filled[1]) if filled else (),
                media=files,
                written=moment(self._now() - ago),
            ),
        )
        return instance_id, revision_id

    def attend(
        self,
        person: Person,
        kind: str,
        *,
        location: str | None = None,
        note: str = "",
        check_in: str | None = None,
        ago: timedelta = timedelta(),
    ) -> str:
        """Record an attendance event; its id."""
        event_id = str(uuid7())
        self._keep(
            person,
            ATTENDANCE_RECORD,
            event_id,
            AttendanceEvent(
                event_id=event_id,
                kind=kind,  # type: ignore[arg-type]
                location_id=location,
                note=note,
                check_in_id=check_in,
                at=moment(self._before(ago)),
            ),
        )
        return event_id

    def _now(self) -> datetime:
        return self.database.now()

    def _before(self, ago: timedelta) -> datetime:
        """Spans are reckoned from one moment, so that two of them differ by exactly what they say."""
        return self._begun - ago if ago else self._now()

    def _keep(self, person: Person, kind: str, entity: str, body: msgspec.Struct) -> None:
        operation = Operation(id=str(uuid7()), kind=kind, entity=entity, body=msgspec.Raw(msgspec.json.encode(body)))
        with self.database.write(person.actor.organization_id) as t:
            lock_member(t, person.actor.member_id)
            result = keep(t, self.keys, person.actor, operation)
        assert result.outcome in {"accepted", "conflict"}, result


@cache
def _password_hash() -> str:
    """Hashing is slow on purpose; once is enough for all these people."""
    return hash_password(PASSWORD)


def moment(at: datetime) -> Moment:
    """A moment whose time is confirmed within the boot."""
    return Moment(
        utc=format_utc(at),
        offset_minutes=60,
        zone="Europe/Vienna",
        boot_id="boot",
        elapsed_ms=1000,
        confirmed_utc=format_utc(at),
        confirmed_elapsed_ms=1000,
        skew_ms=0,
    )
