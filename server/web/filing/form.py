"""What the form of a report holds, as it was typed. It comes with every post and goes back with every page."""

import re
from datetime import UTC, datetime
from typing import Any, Self

import msgspec
from uuid6 import uuid7

from protocol.moment import Moment
from protocol.operations import ManifestEntry, ReportRevision
from rules.clock import format_utc
from rules.report_text import split_title
from rules.zones import zone_of
from server.bounds import is_id
from server.problems import problem
from server.web.session import Form

_MOST_PARENTS = 16
_MOST_ZONE = 80
_MOST_REMOVED = 500


class ReportForm(msgspec.Struct, frozen=True, kw_only=True):
    """One form. The ids are minted when it is first shown, so that sending it twice makes one report. `parents` are the
    versions that it follows, none for a new report. `place` is a location id, `find` words to look for one with, `zone`
    the browser's time zone where a script told it, `files` the media ids of what is attached, `keep` whether
    files chosen from now on keep what they tell, `answers` those of the checklist, of hidden fields too, `removed` the
    rows (group:index) that were taken out of them, in order."""

    instance_id: str
    revision_id: str
    operation_id: str
    parents: tuple[str, ...] = ()
    written: str = ""
    place: str = ""
    find: str = ""
    zone: str = ""
    files: tuple[str, ...] = ()
    keep: bool = False
    template: str = ""
    version: int = 0
    answers: dict[str, Any] = {}
    removed: tuple[str, ...] = ()

    @classmethod
    def new(cls, instance_id: str, **begun: Any) -> Self:
        """A form that was not shown yet."""
        return cls(instance_id=instance_id, revision_id=str(uuid7()), operation_id=str(uuid7()), **begun)

    @classmethod
    def posted(cls, instance_id: str, form: Form) -> Self:
        """What came back. Raises a problem when it is no form of ours; whatever a person can type is taken as it is."""
        ids = (instance_id, form.one("revision"), form.one("operation"), *form.all("parents"))
        if not all(is_id(one) for one in ids) or len(ids) > 3 + _MOST_PARENTS:
            raise problem(
                "not-our-form",
                400,
                "Not understood",
                "This form is not one that these pages made. Copy your words, open a new report and paste them there.",
            )
        return cls(
            instance_id=instance_id,
            revision_id=form.one("revision"),
            operation_id=form.one("operation"),
            parents=tuple(form.all("parents")),
            written=form.one("written").replace("\r\n", "\n"),
            place=form.one("place"),
            find=form.one("find")[:200],
            zone=form.one("zone")[:_MOST_ZONE],
            keep=form.one("keep") == "yes",
            template=form.one("template"),
            version=int(form.one("version")) if re.fullmatch("[0-9]{1,9}", form.one("version")) else 0,
            files=tuple(dict.fromkeys(one for one in form.all("file") if is_id(one))),
            removed=tuple(form.all("removed")[:_MOST_REMOVED]),
        )

    @property
    def offset(self) -> str:
        """The offset (+01:00) of the clock that times of day are typed by."""
        minutes = moment(datetime.now(UTC), self.zone).offset_minutes
        return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

    def following(self, heads: tuple[str, ...]) -> Self:
        """The same words as the next version of what is here."""
        return msgspec.structs.replace(
            self, revision_id=str(uuid7()), operation_id=str(uuid7()), parents=heads[:_MOST_PARENTS]
        )

    def revision(self, written: Moment, media: tuple[ManifestEntry, ...], title_otherwise: str) -> ReportRevision:
        """As it is sent, without the answers; what is called nothing is called as its checklist."""
        title, text = split_title(self.written if self.written.strip() else title_otherwise)
        return ReportRevision(
            instance_id=self.instance_id,
            revision_id=self.revision_id,
            parents=self.parents,
            title=title,
            text=text,
            location_id=self.place or None,
            media=media,
            written=written,
        )


def moment(now: datetime, zone: str) -> Moment:
    """When something was sent from a browser: this server's time, which is all that is known of it. No device's clock
    and no start of a device stand behind it, so the readings are those of the server and the name says so."""
    where = zone_of(zone)
    offset = now.astimezone(where).utcoffset()
    return Moment(
        utc=format_utc(now),
        offset_minutes=int(offset.total_seconds() // 60) if offset is not None else 0,
        zone=str(where),
        boot_id="browser",
        elapsed_ms=0,
        confirmed_utc=format_utc(now),
        confirmed_elapsed_ms=0,
        skew_ms=0,
    )
