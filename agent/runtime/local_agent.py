"""The agent behind `agent.api`, in this process."""

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from typing import Any

from agent.api import (
    AddComment,
    AddPhotos,
    AgentError,
    Attach,
    Attached,
    AttendanceCommand,
    CancelSignIn,
    Command,
    CopyReport,
    CorrectAttendance,
    Detach,
    DiscardDraft,
    DismissPrivacyCard,
    Draft,
    DraftReport,
    EditReport,
    Event,
    Exported,
    ExportReport,
    ExportStuck,
    ExportTimesheet,
    FetchMedia,
    FetchPictures,
    FetchReport,
    FileReport,
    FinishSession,
    HoldMedia,
    KeepVersion,
    MediaCommand,
    NetworkIsBack,
    NetworkIsMetered,
    OpenMedia,
    PauseSending,
    PostponeEnd,
    Query,
    RecordAttendance,
    RecordEvent,
    ReopenReport,
    Retry,
    RetryMedia,
    SaveComment,
    SaveDraft,
    SelectAccount,
    SendDrafts,
    SetConsent,
    SetFavourite,
    SetKeepDetails,
    SetNetworkEvidence,
    SetTold,
    ShowAttendance,
    ShowPrivacy,
    ShowStatus,
    ShowTimesheet,
    SignedIn,
    SignIn,
    SignOut,
    Snapshot,
    Synced,
    SyncNow,
    TellNews,
    UndoAttendance,
    UndoSend,
    WithdrawAsk,
)
from agent.api.privacy import (
    ClearLedger,
    CollectMyData,
    DeleteCookies,
    EraseLocalCopy,
    EraseSent,
    ExportLedger,
    OwnDataQuery,
    PrivacyCommand,
    PrivacyQuery,
    RemoveRecord,
    ResetInstallation,
    SaveErasureReceipt,
    SendLogDataNow,
    SetSwitch,
)
from agent.attendance.senses import Senses
from agent.clock import Clock
from agent.credentials.store import CredentialStore
from agent.runtime import attaching, attending, drafting, editing, exporting, looking, snapshots, timesheets, transfers
from agent.runtime.events import Listeners, Teller
from agent.runtime.privacy import PrivacyDesk
from agent.runtime.rooms import OpenFailure, Rooms
from agent.runtime.telling import tell_done, tell_recorded
from agent.runtime.workplace import Workplace
from agent.schedule.ticker import Ticker
from agent.signin.sign_in import OpenExternal
from agent.store.databases import NewerSchemaError
from agent.store.lane import Lane
from agent.store.profile import Profile
from agent.store.writer import Writer
from agent.transport import Cancellation
from rules.sentence import Sentence

_STATE = "state"
_NOT_OPENED = (
    "Miratag could not open what is saved on this computer. Nothing was deleted. "
    "Quit it and start it again; if that does not help, show this to whoever looks after your computer."
)

_log = logging.getLogger(__name__)


class LocalAgent:
    """Begins to work when made; the caller holds the profile's lock. All methods but `close` return at once.

    `open_external` opens a web page for a person, `open_file` a file; `keyring` stands in for the operating system's
    where given; `environment` is where DO_NOT_TRACK is looked for. `thrifty` tells, when there is something to send
    that can wait, whether the network costs or the power is the battery's; it may take a second.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        open_external: OpenExternal,
        open_file: transfers.OpenFile = transfers.no_viewer,
        keyring: CredentialStore | None = None,
        clock: Clock | None = None,
        environment: Mapping[str, str] = os.environ,
        thrifty: Callable[[], bool] = lambda: False,
        senses: Senses = Senses(),  # noqa: B008 - frozen
    ) -> None:
        self._profile = profile
        self._open_external = open_external
        self._open_file = open_file
        self._keyring = keyring
        self._clock = clock or Clock()
        self._environment = environment
        self._thrifty = thrifty
        self._metered = False
        self._senses = senses
        self._writer = Writer()
        self._core = self._writer.lane  # nearly every command ends in a write: one queue on the way to the disk
        self._files = Lane("files")
        self._looks = Lane("looks")
        self._patient = Lane("sign-in")
        self._choosing = Lane("privacy-choices")
        self._asking = Lane("own-data")
        self._fetching = Lane("fetching")
        self._picturing = Lane("small-pictures")
        self._logs_lane = Lane("log-data")
        self._lanes: dict[type, Lane] = {
            **dict.fromkeys((SignIn, SignOut, EraseLocalCopy), self._patient),
            CollectMyData: Lane("collecting"),
            # A withdrawal must not wait for a browser.
            **dict.fromkeys((SetConsent, SetSwitch, RemoveRecord, ClearLedger), self._choosing),
            **dict.fromkeys((EraseSent, ResetInstallation, DeleteCookies), self._choosing),
            **dict.fromkeys((FetchMedia, OpenMedia), self._fetching),
            **dict.fromkeys((Attach, CopyReport, ReopenReport, DraftReport), self._files),
            **dict.fromkeys((ExportReport, ExportStuck, ExportTimesheet, ExportLedger), self._files),
            SaveErasureReceipt: self._files,
            FetchPictures: self._picturing,
            SendLogDataNow: self._logs_lane,
        }
        self._ticker = Ticker(self._clock, on_jump=lambda: self._core.post(self._look_again))
        self._listeners = Listeners()
        self._teller = Teller(self._listeners, self._ticker, self._looks, self._take_snapshot)
        self._lock = threading.Lock()
        self._snapshot = Snapshot()
        self._taking = threading.Lock()
        self._rooms: Rooms | None = None
        self._failures: dict[str, OpenFailure] = {}
        self._paused = False
        self._signing_in: Cancellation | None = None
        self._closed = False
        self._core.post(self._open_all)

    # -- agent.api -----------------------------------------------------------------------------------------------

    def submit(self, command: Command) -> "Future[Any]":
        """See agent.api."""
        if self._closed:
            return _refused()
        if isinstance(command, SyncNow):
            return self._sync_now(command)
        return self._lane_of(command).run(lambda: self._carry_out(command))

    def _lane_of(self, command: Command) -> Lane:
        """Where a command holds up no other that is quicker."""
        return self._lanes.get(type(command), self._core)

    def query(self, query: Query) -> "Future[Any]":
        """See agent.api."""
        lane = self._asking if isinstance(query, OwnDataQuery) else self._looks
        return lane.run(lambda: self._look_up(query))

    def snapshot(self) -> Snapshot:
        """See agent.api."""
        return self._snapshot

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """See agent.api."""
        return self._listeners.add(listener)

    def close(self) -> None:
        """Stop taking work, commit what was taken, close the files. No network; returns within 200 ms of the commit."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            signing_in = self._signing_in
        if signing_in is not None:
            signing_in.cancel()
        self._ticker.close()
        for lane in {self._looks, self._asking, *self._lanes.values()}:
            lane.close()
        self._writer.flush()  # what was submitted before is committed
        if self._rooms is not None:
            self._rooms.close()
        self._writer.close()

    # -- opening -------------------------------------------------------------------------------------------------

    def _open_all(self) -> None:
        try:
            rooms = self._opened()
            for account in rooms.directory.list():
                self._open_workplace(rooms, account.account)
        except AgentError:
            pass  # kept in _failures, shown in the snapshot, tried again with the next command
        except Exception:  # noqa: BLE001 - whatever it is, the person must hear of it: the window waits for this
            _log.exception("what is saved here could not be opened")
            self._failures[_STATE] = OpenFailure(_NOT_OPENED, newer=False)
        self._changed("activity", "drafts", "locations", "templates", "privacy")

    def _opened(self) -> Rooms:
        """Everything, opened by the first who needs it. Raises AgentError cannot_store."""
        return self._rooms or self._core.at_once(self._open_rooms).result()

    def _open_rooms(self) -> Rooms:
        """On the thread of the commands, so that two who need it open it once."""
        if self._rooms is not None:
            return self._rooms
        if self._closed:
            raise _closing()
        try:
            self._rooms = Rooms(
                self._profile,
                self._writer,
                clock=self._clock,
                ticker=self._ticker,
                open_external=self._open_external,
                keyring=self._keyring,
                environment=self._environment,
                thrifty=lambda: self._metered or self._thrifty(),
                changed=self._changed,
                logs_due=lambda: self._core.post(self._plan_logs),
                senses=self._senses,
            )
        except AgentError as error:
            self._failures[_STATE] = OpenFailure(error.sentence, isinstance(error, NewerSchemaError))
            raise
        self._failures.pop(_STATE, None)
        return self._rooms

    def _open_workplace(self, rooms: Rooms, account: str) -> Workplace:
        return rooms.workplaces.get(account) or self._core.at_once(lambda: self._opening(rooms, account)).result()

    def _opening(self, rooms: Rooms, account: str) -> Workplace:
        """On the thread of the commands, for the same reason."""
        try:
            workplace = rooms.open_workplace(account, paused=self._paused)
        except AgentError as error:
            if error.kind == "cannot_store":
                self._failures[account] = OpenFailure(error.sentence, isinstance(error, NewerSchemaError))
            raise
        self._failures.pop(account, None)
        return workplace

    def _workplace_of(self, account: str) -> Workplace:
        """The account's workplace, for work that is to be kept. Raises AgentError not_signed_in, not_found."""
        rooms = self._opened()
        if not account:
            raise AgentError("not_signed_in", "Nobody is signed in. Sign in first.")
        known = rooms.directory.get(account)
        if known.signed_out:
            raise AgentError(
                "not_signed_in", Sentence("%(name)s is signed out here. Sign in again to go on.", name=known.name)
            )
        return self._open_workplace(rooms, account)

    def _kept_work_of(self, account: str) -> Workplace:
        """The account's workplace, also when signed out: what stays on this computer. Raises AgentError not_found."""
        return self._open_workplace(self._opened(), account)

    # -- commands ------------------------------------------------------------------------------------------------

    def _carry_out(self, command: Command) -> Any:
        match command:
            case (
                FileReport()
                | EditReport()
                | KeepVersion()
                | FetchReport()
                | AddComment()
                | Retry()
                | DismissPrivacyCard()
            ):
                workplace = self._workplace_of(command.account)
                result = workplace.carry_out(command)
                tell_done(self._opened().logs, workplace, command, result)
                return result
            case (
                RecordAttendance()
                | UndoAttendance()
                | FinishSession()
                | CorrectAttendance()
                | AddPhotos()
                | WithdrawAsk()
                | PostponeEnd()
                | SetFavourite()
                | SetNetworkEvidence()
                | ExportTimesheet()
            ):
                return self._attend(command)
            case (
                Attach()
                | Detach()
                | SetKeepDetails()
                | HoldMedia()
                | RetryMedia()
                | FetchMedia()
                | FetchPictures()
                | OpenMedia()
            ):
                return self._work_with_media(command)
            case CopyReport() | ReopenReport() | DraftReport() | ExportReport() | ExportStuck():
                return self._work_with_files(command)
            case SendDrafts() | SaveDraft() | DiscardDraft() | UndoSend() | SaveComment() | TellNews() | SetTold():
                return self._draft(command)
            case _:
                return self._carry_out_for_app(command)

    def _draft(
        self, command: SendDrafts | SaveDraft | DiscardDraft | UndoSend | SaveComment | TellNews | SetTold
    ) -> Any:
        if isinstance(command, SendDrafts):
            return drafting.send(self._workplace_of(command.account), command)
        return drafting.carry_out(self._kept_work_of(command.account), command)

    def _attend(self, command: RecordAttendance | UndoAttendance | AttendanceCommand) -> Any:
        """Choices and files of what is here need nobody signed in."""
        at_hand = isinstance(command, PostponeEnd | SetFavourite | SetNetworkEvidence | ExportTimesheet)
        workplace = self._kept_work_of(command.account) if at_hand else self._workplace_of(command.account)
        result = attending.carry_out(workplace, command)
        tell_recorded(self._opened().logs, command)
        return result

    def _work_with_files(
        self, command: CopyReport | ReopenReport | DraftReport | ExportReport | ExportStuck
    ) -> Draft | Exported:
        workplace = self._kept_work_of(command.account)
        match command:
            case CopyReport():
                return drafting.copy_report(workplace, command)
            case DraftReport():
                return editing.begin(workplace, command)
            case ReopenReport():
                return drafting.reopen(workplace, command)
            case ExportReport():
                return exporting.export_report(workplace, command)
            case ExportStuck():
                return exporting.export_stuck(workplace, command)

    def _work_with_media(self, command: MediaCommand) -> Attached | None:
        match command:
            case Attach():
                return attaching.attach(self._workplace_of(command.account), command)
            case Detach():
                attaching.detach(self._workplace_of(command.account), command)
            case SetKeepDetails():
                attaching.set_keeps_details(self._kept_work_of(command.account), keep=command.keep)
            case HoldMedia():
                transfers.hold(self._kept_work_of(command.account), command)
            case RetryMedia():
                transfers.retry(self._workplace_of(command.account), command)
            case FetchMedia():
                transfers.fetch(self._workplace_of(command.account), command)
            case FetchPictures():
                transfers.fetch_pictures(self._workplace_of(command.account), command)
            case OpenMedia():
                transfers.open_media(self._kept_work_of(command.account), command, self._open_file)
        return None

    def _carry_out_for_app(self, command: Command) -> Any:
        if isinstance(command, SetConsent | PrivacyCommand):
            return self._privacy().carry_out(command)
        match command:
            case RecordEvent():
                self._opened().logs.record(command.account, command.name, command.fields)
            case NetworkIsBack():
                self._look_again()
            case NetworkIsMetered():
                self._metered = command.metered
                self._look_again_at_logs()
            case PauseSending():
                self._pause(paused=command.paused)
            case SelectAccount():
                self._opened().directory.select(command.account)
                self._changed("activity", "drafts", "locations", "templates", "privacy")
            case SignIn():
                return self._sign_in(command)
            case CancelSignIn():
                self._cancel_sign_in()
            case SignOut():
                self._sign_out(command.account)
            case _:
                raise AgentError("usage", "This app does not know that command. Update it.")
        return None

    def _sign_in(self, command: SignIn) -> SignedIn:
        rooms = self._opened()
        cancellation = Cancellation()
        with self._lock:
            if self._closed:
                raise AgentError("cancelled", "The app is closing. Sign in when it runs again.")
            self._signing_in = cancellation
        self._changed()
        try:
            signed_in = rooms.sign_in.sign_in(command, cancellation)
        finally:
            with self._lock:
                self._signing_in = None
            self._changed()
        self._open_workplace(rooms, signed_in.account).rounds.restart()
        self._changed("activity", "drafts", "locations", "templates", "privacy")
        return signed_in

    def _cancel_sign_in(self) -> None:
        with self._lock:
            signing_in = self._signing_in
        if signing_in is not None:
            signing_in.cancel()

    def _sign_out(self, account: str) -> None:
        rooms = self._opened()
        try:
            rooms.sign_in.sign_out(account)
        finally:
            workplace = rooms.workplaces.get(account)
            if workplace is not None:
                workplace.rounds.restart()
            self._changed("activity", "privacy")

    def _pause(self, *, paused: bool) -> None:
        self._paused = paused
        for workplace in tuple(self._opened().workplaces.values()):
            workplace.rounds.pause(paused=paused)
        self._changed("activity")

    def _sync_now(self, command: SyncNow) -> "Future[Any]":
        """Settles with the rounds, or when its time is over; no thread waits for it."""
        future: Future[Synced] = Future()

        def begin() -> None:
            try:
                workplace = self._workplace_of(command.account)
            except AgentError as error:
                future.set_exception(error)
                return
            settled = workplace.rounds.settled(patient=command.patient)

            def answer() -> None:
                if not future.done():
                    online = settled.result() if settled.done() else workplace.rounds.link.state == "online"
                    counts = workplace.counts()
                    future.set_result(Synced(waiting=counts.waiting, needs_you=counts.needs_you, online=online))

            self._ticker.wake_in(f"sync-now {id(future)}", command.wait_seconds, lambda: self._core.post(answer))
            settled.add_done_callback(lambda _: self._core.post(answer))

        self._core.run(begin).add_done_callback(lambda done: _pass_on(done, future))
        return future

    # -- queries -------------------------------------------------------------------------------------------------

    def _look_up(self, query: Query) -> Any:
        rooms = self._opened()
        if isinstance(query, ShowPrivacy | PrivacyQuery):
            return self._privacy().answer(query)
        match query:
            case ShowStatus():
                self._open_current(rooms)
                return self._take_snapshot()
            case ShowTimesheet() | ShowAttendance():
                return timesheets.answer(self._open_workplace(rooms, query.account), query)
            case _:
                return looking.answer(self._open_workplace(rooms, query.account), query, paused=self._paused)

    def _open_current(self, rooms: Rooms) -> None:
        """What the shown account counts is only known once its work is open; the start may not have come so far."""
        current = rooms.directory.current
        if current is not None:
            with contextlib.suppress(AgentError):  # kept in _failures, and so in the snapshot
                self._open_workplace(rooms, current.account)

    def _privacy(self) -> PrivacyDesk:
        rooms = self._opened()
        return PrivacyDesk(
            rooms,
            open_workplace=lambda account: self._open_workplace(rooms, account),
            changed=self._changed,
        )

    # -- what is told --------------------------------------------------------------------------------------------

    def _changed(self, *what: str) -> None:
        self._teller.changed(*what)

    def _take_snapshot(self) -> Snapshot:
        with self._taking:  # so that `revision` only grows
            return self._take_next_snapshot()

    def _take_next_snapshot(self) -> Snapshot:
        with self._lock:
            rooms, failures, signing_in = self._rooms, dict(self._failures), self._signing_in is not None
        take = partial(
            snapshots.take,
            revision=self._snapshot.revision + 1,
            paused=self._paused,
            signing_in=signing_in,
            profile_path=str(self._profile.path),
        )
        try:
            self._snapshot = take(rooms, failures=failures)
        except AgentError as error:
            failures["snapshot"] = OpenFailure(error.sentence, newer=False)
            self._snapshot = take(None, failures=failures)
        return self._snapshot

    # -- time ----------------------------------------------------------------------------------------------------

    def _look_again(self) -> None:
        """The clock jumped, the computer slept or the network is back: whatever was planned may be due."""
        if self._rooms is not None:
            for workplace in tuple(self._rooms.workplaces.values()):
                workplace.rounds.try_again_soon()
        self._look_again_at_logs()

    def _look_again_at_logs(self) -> None:
        if self._rooms is not None:
            self._rooms.logs.look_anew()
            self._plan_logs()

    def _plan_logs(self) -> None:
        if self._rooms is None:
            return
        seconds = self._rooms.logs.next_due()
        if seconds is not None:
            at = self._clock.now() + timedelta(seconds=seconds)
            self._ticker.wake_at("logs", at, lambda: self._logs_lane.post(self._send_logs))

    def _send_logs(self) -> None:
        if self._rooms is not None and not self._closed:
            self._rooms.logs.send_due_quietly()
            self._changed("privacy")
            self._core.post(self._plan_logs)


def _closing() -> AgentError:
    return AgentError("unavailable", "The app is closing. Try again when it runs.")


def _refused() -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_exception(_closing())
    return future


def _pass_on(done: "Future[None]", future: "Future[Synced]") -> None:
    """A command that could not even begin."""
    error = done.exception()
    if error is not None and not future.done():
        future.set_exception(error)
