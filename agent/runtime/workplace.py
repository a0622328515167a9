"""One account at work: its database, its spool, its rounds; and the commands and queries that need nothing else."""

import contextlib
import random
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from agent.api import (
    AddComment,
    AgentError,
    Collecting,
    Commented,
    DismissPrivacyCard,
    EditReport,
    FetchReport,
    Filed,
    FileReport,
    KeepVersion,
    LinkState,
    Retry,
)
from agent.api.privacy import OnlyHere
from agent.attendance.senses import Senses, Watching
from agent.clock import Clock, Confirmation
from agent.media.fetching import Originals
from agent.media.spool import Spool
from agent.media.thumbnails import Thumbnails
from agent.runtime import answering, filing, versions
from agent.runtime.reminding import Reminders
from agent.runtime.rounds import Rounds
from agent.runtime.views import Looks
from agent.schedule.ticker import Ticker
from agent.store import attendance, comments, drafts, feed, locations, media, operations, own_data, reports
from agent.store import versions as fetched
from agent.store.media import ReportFile
from agent.store.work import fact, put_fact
from agent.store.writer import Store
from agent.sync.asking import Asker, LinkTrouble, RoundCancelledError
from agent.sync.checking import CheckServer
from agent.sync.errands import Errands
from agent.sync.syncer import CONFIRMATION, POLICY_HELD, Syncer
from agent.sync.uploader import Uploader
from agent.transport import MAX_REPLY, Cancellation, EgressRow, Reply, Sink
from protocol.moment import Moment
from protocol.statements import PolicyPayload
from protocol.version import VERSION
from rules.clock import format_utc, parse_utc
from telemetry.catalog import Event
from telemetry.catalog.events import SyncFinished, SyncOutcome

WorkCommand = FileReport | EditReport | KeepVersion | FetchReport | AddComment | Retry | DismissPrivacyCard
WorkResult = Filed | Commented | None
T = TypeVar("T")
Happened = Callable[[Event], None]
_SYNC_OUTCOMES: dict[LinkState, SyncOutcome] = {
    "online": "done",
    "unknown": "done",
    "offline": "offline",
    "server_trouble": "server_trouble",
    "sign_in_needed": "sign_in_needed",
    "signed_out": "sign_in_needed",
    "untrusted": "refused",
}
ABANDONED_AFTER = timedelta(days=7)
_A_DAY = timedelta(days=1)
_TIDY = "tidy"
_VERSION_FACT = "app_version"
_PRIVACY_CARD_ANSWERED = "privacy_card_answered"


class Workplace:
    """`changed(what)` is called from any thread after something did; `happened` offers an event to log data, which
    keeps it only under a grant."""

    senses = Senses()
    """What this computer can be asked about its person; whoever opens the workplace says."""
    network_allowed: bool | None = None
    position_allowed: bool | None = None
    activity_allowed: bool | None = None
    """The person's choices, once they were read (agent.runtime.attending, positions, absences)."""
    collecting: Collecting | None = None
    """How far the ZIP of everything about the person is, while one is made (agent.runtime.collecting)."""
    leaving: Watching | None = None
    """Who listens for the computer being left, where the person allowed it (agent.runtime.absences)."""

    def __init__(
        self,
        account: str,
        *,
        store: Store,
        spool_folder: Path,
        asker: Asker,
        check_server: CheckServer,
        clock: Clock,
        ticker: Ticker,
        changed: Callable[..., None],
        happened: Happened,
    ) -> None:
        self.account = account
        self.store = store
        self.spool = Spool(spool_folder)
        self.thumbnails = Thumbnails(spool_folder.with_name("thumbnails"))
        self.originals = Originals(spool_folder.with_name("originals"))
        self.without_picture: set[str] = set()
        """Files of which the server said that there is no picture to show."""
        self._asker = asker
        self.clock = clock
        self.changed = changed
        self._ticker = ticker
        self._happened = happened
        self._lock = threading.Lock()
        self._sending_words: frozenset[str] = frozenset()
        self._reached: dict[str, int] = {}
        chance = random.Random()  # noqa: S311 # spreads requests, guards nothing
        self.errands = Errands(asker, store, clock, check_server)
        self._no_more_errands = Cancellation()
        syncer = Syncer(
            asker=asker,
            check_server=check_server,
            store=store,
            spool=self.spool,
            clock=clock,
            settle=versions.settle,
            sending=self._sending_now,
            chance=chance,
        )
        self._uploader = Uploader(
            asker=asker, store=store, spool=self.spool, clock=clock, progress=self._progressed, chance=chance
        )
        self.rounds = Rounds(
            account,
            syncer=syncer,
            uploader=self._uploader,
            store=store,
            clock=clock,
            ticker=ticker,
            chance=chance,
            undone=self._undone,
            changed=self._round_ended,
            finished=self._sync_finished,
        )

        self.reminders = Reminders(
            account, store=store, clock=clock, ticker=ticker, post=self.rounds.post, told=changed
        )

    def begin(self) -> None:
        """Tidy up after the last run, then talk to the server."""

        def tidy(connection: sqlite3.Connection) -> tuple[set[str], set[str]]:
            if fact(connection, _VERSION_FACT, str) != VERSION:
                operations.retry_unsupported(connection)
                feed.apply_unknown(connection)
                put_fact(connection, _VERSION_FACT, VERSION)
            drafts.let_go(connection, None)  # nobody is offered to undo it any more
            media.forget_abandoned(connection, format_utc(self.clock.now() - ABANDONED_AFTER))
            return media.named(connection), media.known(connection)

        named, known = self.store.write(tidy).result()
        self.spool.forget_all_but(named)
        self.thumbnails.forget_all_but(known)
        self.rounds.post(self._tidy)
        self.reminders.plan()
        self.rounds.begin()

    # -- commands ------------------------------------------------------------------------------------------------

    def carry_out(self, command: WorkCommand) -> WorkResult:
        """What the command says, committed when this returns. Raises AgentError."""
        match command:
            case FileReport():
                return self.file_report(command)
            case EditReport():
                return self._edit(command)
            case KeepVersion():
                return self._answer(lambda c, now: versions.keep_version(c, command, now))
            case AddComment():
                return self._answer(lambda c, now: answering.add_comment(c, command, now))
            case Retry():
                self.retry(command.item_id)
            case FetchReport():
                self.fetch_report(command.instance_id)
            case DismissPrivacyCard():
                self.dismiss_privacy_card()
        return None

    def file_report(self, command: FileReport) -> Filed:
        """Keep revision, manifest and operation in one transaction. Raises AgentError."""
        filed, gone = self.store.write(lambda c: self._file(c, command)).result()
        self.let_go_of(gone)
        self.filed([filed])
        return filed

    def _file(self, connection: sqlite3.Connection, command: FileReport) -> tuple[Filed, answering.Gone]:
        edit = filing.edit_of(connection, command)
        return self.put_edit(connection, edit) if edit is not None else (self.put_report(connection, command), ())

    def put_report(self, connection: sqlite3.Connection, command: FileReport) -> Filed:
        """Within a transaction: the report in line, and no draft of it any more. Raises AgentError."""
        written, session = self.moment(connection), attendance.current(connection)
        return filing.put(
            connection,
            command,
            written=written,
            check_in_id=session.check_in_id if session else None,
            now=self.clock.now(),
        )

    def filed(self, reports_filed: Sequence[Filed]) -> None:
        """After the commit: told, and sent as soon as it may go."""
        held = any(one.undo_until is not None for one in reports_filed)
        if held:
            name = f"undo {reports_filed[0].instance_id}"
            self._ticker.wake_in(name, drafts.UNDO_SEND_SECONDS, self.rounds.made)
        self.changed("activity", "drafts")
        if not held:
            self.rounds.made()

    def retry(self, item_id: str | None) -> None:
        """Send again, without the pauses."""
        self.store.write(lambda c: operations.retry(c, item_id)).result()
        self.changed("activity")
        self.rounds.restart()

    def fetch_report(self, instance_id: str) -> None:
        """Ask for the text of a report that was written elsewhere, if it is not here."""
        if self.store.write(lambda c: fetched.want(c, instance_id)).result():
            self.rounds.made()

    def dismiss_privacy_card(self) -> None:
        """The person answered the card, or chose without it."""
        self.store.write(lambda c: put_fact(c, _PRIVACY_CARD_ANSWERED, True)).result()
        self.changed()

    # -- looks ---------------------------------------------------------------------------------------------------

    def counts(self) -> reports.Counts:
        """What waits, what needs the person, and what was received since local midnight."""
        local = self.clock.now().astimezone()
        midnight = datetime(local.year, local.month, local.day).astimezone(UTC)  # local on purpose
        return self.store.read(lambda c: reports.counts(c, format_utc(midnight)))

    def holds_unsent(self) -> bool:
        """Whether something here is nowhere else: what the server has not received, what needs the person, drafts."""
        counts = self.counts()
        return bool(counts.waiting or counts.needs_you or self.only_here())

    def only_here(self) -> OnlyHere:
        """What is nowhere else, without what the snapshot counts."""
        found = self.store.read(_only_here)
        damaged = any(self.store.path.parent.glob(f"{self.store.path.stem}.damaged-*"))  # it may hold what was unsent
        return msgspec.structs.replace(found, besides=found.besides or damaged)

    def last_location(self) -> locations.LastUsed | None:
        """Where the person checked in last, if it is still offered."""
        return self.store.read(locations.last_used)

    def update_needed(self) -> bool:
        """Whether something waits for a newer app or server."""
        query = "SELECT 1 FROM operation WHERE state = 'unsupported' LIMIT 1"
        return self.store.read(lambda c: c.execute(query).fetchone()) is not None

    def privacy_card(self) -> bool:
        """Whether the card that leads to the Privacy page is due: after the first receipt, until it is answered."""

        def due(connection: sqlite3.Connection) -> bool:
            if fact(connection, _PRIVACY_CARD_ANSWERED, bool):
                return False
            return connection.execute("SELECT 1 FROM receipt LIMIT 1").fetchone() is not None

        return self.store.read(due)

    def policy(self) -> PolicyPayload:
        """What the organization set, or what holds where it set nothing."""
        return self.store.read(self.policy_in)

    @staticmethod
    def policy_in(connection: sqlite3.Connection) -> PolicyPayload:
        """The same within a transaction."""
        held = fact(connection, POLICY_HELD, PolicyPayload)
        return held or PolicyPayload(organization_id="", version=0, issued="")

    def ask(
        self,
        row: EgressRow,
        path: str,
        *,
        headers: Mapping[str, str],
        deadline: float,
        into: Sink | None = None,
        max_reply: int = MAX_REPLY,
    ) -> Reply:
        """A GET in the account's name, beside the rounds; see Asker. Raises LinkTrouble, RoundCancelledError."""
        return self._asker.ask(
            row,
            "GET",
            f"{self._asker.account.server_url}{path}",
            headers=headers,
            deadline=deadline,
            cancellation=Cancellation(),
            into=into,
            max_reply=max_reply,
        )

    def original(self, one: ReportFile) -> Path | None:
        """Where a file is on this computer, if it is: waiting to be sent, or fetched again."""
        spooled = self.spool.path(one.file_name)
        if not one.released and spooled.exists():
            return spooled
        return self.originals.find(one.file_name)

    def lacks_picture(self, one: ReportFile) -> bool:
        """Whether there is no picture of a photo on this computer, and the server may have one."""
        return (
            one.content_type.startswith("image/")
            and one.released
            and one.state == "sent"
            and one.media_id not in self.without_picture
            and self.original(one) is None
            and self.thumbnails.find(one.media_id) is None
        )

    def uploading(self) -> str | None:
        """The file that is on its way now."""
        return self._uploader.current

    def stop_uploading(self, media_ids: Iterable[str]) -> None:
        """Let go of those of these that are on their way; their rows say why, or are gone."""
        for media_id in media_ids:
            self._uploader.stop(media_id)

    def sending(self) -> frozenset[str]:
        """The items that are under way now."""
        with self._lock:
            words, reached = self._sending_words, tuple(self._reached)
        return words | self._owners(reached) if reached else words

    def progress(self, item_id: str) -> float | None:
        """How much of an item's files the server holds, 0…1; None without files."""
        with self._lock:
            reached = dict(self._reached)
        rows = self.store.read(lambda c: reports.files(c, item_id))
        total: int = sum(row["size"] for row in rows)
        if not total:
            return None
        held: int = sum(reached.get(row["media_id"], row["sent_bytes"]) for row in rows)
        return held / total

    def looks(self, *, paused: bool) -> Looks:
        """What is going on now."""
        return Looks(self.rounds.link.state, paused, self.sending(), format_utc(self.clock.now()))

    # -- within --------------------------------------------------------------------------------------------------

    def _answer(self, keep: Callable[[sqlite3.Connection, Moment], T]) -> T:
        kept = self.store.write(lambda connection: keep(connection, self.moment(connection))).result()
        self.made("activity")
        return kept

    def _edit(self, command: EditReport) -> Filed:
        filed, gone = self._answer(lambda c, now: answering.edit_report(c, command, now))
        self.let_go_of(gone)
        return filed

    def put_edit(self, connection: sqlite3.Connection, command: EditReport) -> tuple[Filed, answering.Gone]:
        """Within a transaction: another version in line; and the files to `let_go_of` after the commit."""
        return answering.edit_report(connection, command, self.moment(connection))

    def let_go_of(self, gone: Sequence[tuple[str, str]]) -> None:
        """After the commit: files (media id, name in the spool) that no version has any more."""
        self.stop_uploading(media_id for media_id, _ in gone)
        for media_id, name in gone:
            self.spool.forget(name)
            self.thumbnails.forget(media_id)

    def _tidy(self) -> None:
        """Once a day: what is older than the organization keeps it on this computer goes from it."""
        now, name = self.clock.now(), f"tidy {self.account}"
        row = self.store.read(lambda c: c.execute("SELECT due FROM job WHERE name = ?", (_TIDY,)).fetchone())
        if row is None or not now < parse_utc(row["due"]) <= now + _A_DAY:
            before = now - timedelta(days=self.policy().keep_days)
            received = self.store.read(lambda c: media.received_before(c, format_utc(before)))
            self.thumbnails.forget_before(received, before.timestamp())
            self.originals.forget_before(before.timestamp())
            due = format_utc(now + _A_DAY)
            self.store.write(lambda c: c.execute("INSERT OR REPLACE INTO job VALUES (?, ?, 0)", (_TIDY, due))).result()
        else:
            due = row["due"]
        self._ticker.wake_at(name, parse_utc(due), lambda: self.rounds.post(self._tidy))

    def _undone(self) -> int:
        """What a round could still do something about."""
        counts = self.counts()
        return max(counts.waiting - counts.held, 0)

    def moment(self, connection: sqlite3.Connection) -> Moment:
        """Now, with what the server last confirmed of the time."""
        return self.clock.moment(fact(connection, CONFIRMATION, Confirmation))

    def wake_at(self, name: str, at: datetime, work: Callable[[], None]) -> None:
        """Do `work` at that time, between two rounds; replaces what was planned under that name."""
        self._ticker.wake_at(f"{name} {self.account}", at, lambda: self.rounds.post(work))

    def made(self, *what: str) -> None:
        """After a commit: told, and sent."""
        self.changed(*what)
        self.rounds.made()

    def _sending_now(self, items: frozenset[str]) -> None:
        with self._lock:
            if self._sending_words == items:
                return
            self._sending_words = items
        self.changed("activity")

    def _progressed(self, media_id: str, reached: int) -> None:
        with self._lock:
            self._reached[media_id] = reached
        self.changed("progress")

    def _run_errands(self) -> None:
        # What stops them the next round meets as well, and says so; they are tried again after it.
        with contextlib.suppress(LinkTrouble, RoundCancelledError, AgentError):
            if self.errands.run(self._no_more_errands):
                self.changed("privacy")

    def close(self, wait_seconds: float | None = None) -> None:
        """Stop what is under way; returns at once, or when nothing runs any more, as Rounds.close does."""
        self._no_more_errands.cancel()
        self.rounds.close(wait_seconds)

    def _round_ended(self) -> None:
        with self._lock:
            self._reached.clear()
        self.changed("activity", "locations", "templates")
        self.reminders.plan()

    def _sync_finished(self, link: LinkState, milliseconds: int) -> None:
        if link == "online":
            self.rounds.post(self._run_errands)  # after the round, so that nobody who waits for work waits for them
        self._happened(SyncFinished(outcome=_SYNC_OUTCOMES[link], duration_ms=milliseconds))

    def _owners(self, media_ids: tuple[str, ...]) -> frozenset[str]:
        query = (
            "SELECT DISTINCT o.item_id FROM media AS m JOIN operation AS o USING (operation_id)"
            " WHERE m.state = 'waiting' AND m.media_id IN (SELECT value FROM json_each(?))"
        )
        ids = msgspec.json.encode(media_ids).decode()
        return frozenset(row[0] for row in self.store.read(lambda c: c.execute(query, (ids,)).fetchall()))


def _only_here(connection: sqlite3.Connection) -> OnlyHere:
    """Besides drafts and comments: wishes and answers about the person's own data, and operations that the server did
    not take, whether or not somebody is asked to do something."""
    unsaid = (one for one in own_data.answers(connection) if one.how == "accepted" and not one.sent)
    return OnlyHere(
        drafts=len(drafts.all_drafts(connection)),
        comments=comments.count_drafts(connection),
        besides=bool(own_data.unsent(connection) or any(unsaid) or operations.any_not_taken(connection)),
    )
