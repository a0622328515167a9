"""The Privacy centre's commands and queries: choices, connections, the ledger."""

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from agent.api import AgentError, ConnectionView, PrivacyView, SetConsent, SetNetworkEvidence, ShowPrivacy
from agent.api.privacy import (
    AnswerPolicyText,
    AskErasure,
    Choices,
    ClearLedger,
    Collected,
    CollectMyData,
    CookieItem,
    Cookies,
    DataRequest,
    DeleteCookies,
    DismissPolicyNotice,
    DismissReceiversNotice,
    EraseLocalCopy,
    EraseSent,
    Erasures,
    ExportLedger,
    LedgerQuery,
    LedgerResult,
    ListCookies,
    ListDataRequests,
    ListErasures,
    ListLedger,
    ListLosses,
    ListPolicyTexts,
    ListWaitingRecords,
    OnlyHere,
    OpenLedgerEntry,
    OpenPolicyText,
    OwnDataQuery,
    OwnDataResult,
    PrivacyCommand,
    PrivacyQuery,
    PrivacyResult,
    RemoveRecord,
    ResetInstallation,
    SaveErasureReceipt,
    SendLogDataNow,
    SetSwitch,
    ShowCatalog,
    ShowChoices,
    ShowOnlyHere,
    SwitchView,
    Written,
)
from agent.logdata import reading
from agent.runtime import absences, attaching, attending, collecting, exporting, own_data, positions
from agent.runtime.rooms import Rooms
from agent.runtime.workplace import Workplace
from agent.store import cookies
from agent.store.state import EgressCount, egress_counts
from agent.transport import EGRESS, EgressRow
from protocol.cookies import APP_COOKIES
from rules.clock import format_utc
from telemetry.account_log import AccountLog

_UNSENT = (
    "Something on this computer has not been received by your organization: work that waits, or drafts. Send it first, "
    "or delete it along with the rest."
)
_NO_POSITION = (
    "Miratag has no way to ask this computer where it is, so there is nothing to turn on. A check-in says the place "
    "that you choose."
)


_NO_ACTIVITY = "This system does not tell Miratag when it was last used, so there is nothing to turn on."


class PrivacyDesk:
    """`open_workplace` opens an account's work; `changed` tells the window. Nothing here makes a request by itself but
    SendLogDataNow, which belongs on a thread that may wait."""

    def __init__(
        self,
        rooms: Rooms,
        *,
        open_workplace: Callable[[str], Workplace],
        changed: Callable[..., None],
    ) -> None:
        self._rooms = rooms
        self._open_workplace = open_workplace
        self._changed = changed

    # -- commands ------------------------------------------------------------------------------------------------

    def carry_out(self, command: SetConsent | PrivacyCommand) -> PrivacyResult | None:
        """Raises AgentError."""
        self._rooms.directory.get(command.account)
        log = self._rooms.logs.account_log(command.account)
        result: PrivacyResult | None = None
        match command:
            case SetConsent() | SetSwitch():
                self._choose(command)
            case RemoveRecord():
                reading.remove(log, command.seq)
            case SendLogDataNow():
                result = self._rooms.logs.send_now(command.account)
            case ClearLedger():
                reading.settled(log.clear_ledger())
            case ExportLedger() | SaveErasureReceipt():
                return self._write(command)
            case EraseSent():
                result = self._rooms.logs.erase_sent(command.account, command.categories)
            case DeleteCookies():
                self._rooms.cookies.delete(command.account, command.name)
            case (
                CollectMyData()
                | EraseLocalCopy()
                | AskErasure()
                | AnswerPolicyText()
                | DismissPolicyNotice()
                | DismissReceiversNotice()
            ):
                return self._with_own_data(command)
            case ResetInstallation():
                reading.settled(log.reset_installation())
        self._changed("privacy")
        return result

    def _with_own_data(
        self,
        command: CollectMyData
        | EraseLocalCopy
        | AskErasure
        | AnswerPolicyText
        | DismissPolicyNotice
        | DismissReceiversNotice,
    ) -> Collected | DataRequest | None:
        account = command.account
        if isinstance(command, EraseLocalCopy):
            self._erase_local_copy(command)
            return None
        workplace = self._open_workplace(account)
        match command:
            case CollectMyData():
                log = self._rooms.logs.account_log(account)
                known, choices = self._rooms.directory.get(account), self._choices(account)
                return collecting.collect(workplace, log, known, choices, Path(command.path))
            case AskErasure():
                return own_data.ask_erasure(workplace, command)
            case AnswerPolicyText():
                own_data.accept_text(workplace, command.version)
            case DismissPolicyNotice():
                own_data.tell(workplace, command.version)
            case DismissReceiversNotice():
                own_data.tell_receivers(workplace, self._rooms.directory.get(account).third_parties)
        return None

    def _erase_local_copy(self, command: EraseLocalCopy) -> None:
        if not command.unsent_too and self._open_workplace(command.account).holds_unsent():
            raise AgentError("refused", _UNSENT)
        if not self._rooms.directory.get(command.account).signed_out:
            self._rooms.sign_in.sign_out(command.account)
        gone = self._rooms.forget(command.account, unsent_too=command.unsent_too)
        if not gone:  # it came while the sign-out was under way
            self._open_workplace(command.account)
        self._changed("activity", "drafts", "locations", "templates", "privacy")
        if not gone:
            raise AgentError("refused", _UNSENT)

    def _choose(self, command: SetConsent | SetSwitch) -> None:
        if isinstance(command, SetSwitch):
            self._set_switch(command)
            return
        if command.category == "third_party" and command.state == "granted":
            self._rooms.allow_third_parties(command.account, command.third_parties)
        self._rooms.logs.set_consent(command.account, command.category, command.state)
        with contextlib.suppress(AgentError):  # the choice stands; at worst the card comes once more
            self._open_workplace(command.account).dismiss_privacy_card()

    def _set_switch(self, command: SetSwitch) -> None:
        match command.switch:
            case "network":
                choice = SetNetworkEvidence(account=command.account, allowed=command.on)
                attending.carry_out(self._open_workplace(command.account), choice)
            case "activity":
                workplace = self._open_workplace(command.account)
                if command.on and not absences.offered(workplace):
                    raise AgentError("refused", _NO_ACTIVITY)
                absences.set_allowed(workplace, on=command.on)
            case "keep_details":
                attaching.set_keeps_details(self._open_workplace(command.account), keep=command.on)
            case "cookies":
                self._rooms.state.write(lambda c: cookies.set_may_keep(c, command.account, keep=command.on)).result()
                self._rooms.cookies.block(command.account, blocked=not command.on)
            case "position":
                workplace = self._open_workplace(command.account)
                if command.on and not positions.offered(workplace):
                    raise AgentError("refused", _NO_POSITION)
                positions.set_allowed(workplace, on=command.on)

    def _write(self, command: ExportLedger | SaveErasureReceipt) -> Written:
        log = self._rooms.logs.account_log(command.account)
        with exporting.new_file(Path(command.path)) as part:
            with part.open("wb") as file:
                if isinstance(command, ExportLedger):
                    reading.write_ledger(log, file)
                else:
                    file.write(reading.receipt(log, command.erasure_id, command.number))
            size = part.stat().st_size
        return Written(path=command.path, size=size)

    # -- queries -------------------------------------------------------------------------------------------------

    def answer(self, query: ShowPrivacy | PrivacyQuery) -> PrivacyView | PrivacyResult:
        """Raises AgentError."""
        if isinstance(query, ShowCatalog):
            return reading.catalog()
        self._rooms.directory.get(query.account)
        log = self._rooms.logs.account_log(query.account)
        match query:
            case ShowPrivacy():
                return self._overview(query.account)
            case ListCookies():
                return self._cookies(query.account)
            case ShowChoices():
                return self._choices(query.account)
            case ShowOnlyHere() | ListDataRequests() | ListPolicyTexts() | OpenPolicyText():
                return self._of_own_data(query)
            case _:
                return _read(log, query)

    def _of_own_data(self, query: ShowOnlyHere | OwnDataQuery) -> OnlyHere | OwnDataResult:
        workplace = self._open_workplace(query.account)
        match query:
            case ShowOnlyHere():
                return workplace.only_here()
            case ListDataRequests():
                return own_data.list_requests(workplace)
            case ListPolicyTexts():
                return own_data.list_texts(workplace, self._rooms.directory.get(query.account).organization)
            case OpenPolicyText():
                return own_data.open_text(workplace, query.version)

    def _choices(self, account: str) -> Choices:
        log = self._rooms.logs.account_log(account)
        categories = reading.choices(log, self._rooms.directory.get(account))
        return Choices(categories=categories, switches=self._switches(account))

    def _overview(self, account: str) -> PrivacyView:
        today = self._open_workplace(account).counts()
        return PrivacyView(
            categories=reading.categories(self._rooms.logs.account_log(account), self._rooms.directory.get(account)),
            connections=self._connections(account),
            counts={
                "reports": today.sent_reports,
                "attendance": today.sent_attendance,
                "log_records": self._rooms.logs.sent_today(account),
            },
        )

    def _connections(self, account: str) -> tuple[ConnectionView, ...]:
        """Every row of the egress table: those used, the latest first, then those that never were."""
        counts = self._rooms.state.read(egress_counts)
        used = {one.row for one in counts}
        host = self._rooms.logs.host(account)
        passed_on = {"third_party": self._rooms.directory.get(account).third_parties}
        never = [EgressCount(row, host, 0, 0, None) for row in EgressRow if row not in used]
        return tuple(
            ConnectionView(
                name=one.row,
                host=one.host,
                purpose=EGRESS[EgressRow(one.row)].purpose,
                fields=EGRESS[EgressRow(one.row)].fields,
                requests=one.requests,
                bytes_sent=one.bytes_sent,
                last=one.last,
                passed_on=passed_on.get(one.row),
            )
            for one in (*counts, *never)
        )

    def _cookies(self, account: str) -> Cookies:
        jar = self._rooms.cookies
        return Cookies(
            items=tuple(
                CookieItem(
                    name=one.name,
                    purpose=APP_COOKIES[one.name].purpose,
                    persistent=one.expires is not None,
                    expires=None if one.expires is None else format_utc(datetime.fromtimestamp(one.expires, UTC)),
                    size=len(one.name) + len(one.value),
                )
                for one in jar.list(account)
            ),
            refused=jar.refused(account),
            blocked=not self._rooms.state.read(lambda c: cookies.may_keep(c, account)),
        )

    def _switches(self, account: str) -> tuple[SwitchView, ...]:
        workplace = self._open_workplace(account)

        def keeps_cookies(connection: sqlite3.Connection) -> bool:
            return cookies.may_keep(connection, account)

        kept = "As long as the check-in or report it belongs to is kept; your organization sets how long."
        return (
            SwitchView(
                switch="position",
                on=positions.allowed(workplace),
                purpose="Say with a check-in where this computer was.",
                records="Latitude, longitude, accuracy and their source, asked once at the press of a check-in, at no "
                "other time. Where nothing is told within three seconds, the check-in goes without.",
                kept=kept,
                last=positions.last(workplace),
                locked="" if positions.offered(workplace) else _NO_POSITION,
            ),
            SwitchView(
                switch="network",
                on=attending.network_allowed(workplace),
                purpose="Say with a check-in that this computer is in a network which your organization knows.",
                records="The name of the known network at the moment of a check-in; no other network is named.",
                kept=kept,
            ),
            SwitchView(
                switch="activity",
                on=absences.allowed(workplace),
                purpose="When you forgot to check out, propose to you when this computer was last used.",
                records="Only while you are checked in: when it was last used before it was locked, went to sleep or "
                "your time was over. It never leaves this computer; what you then confirm is a time like any other.",
                kept="On this computer until that time has its end, or until you switch this off.",
                locked="" if absences.offered(workplace) else _NO_ACTIVITY,
            ),
            SwitchView(
                switch="keep_details",
                on=attaching.keeps_details(workplace),
                purpose="Leave in photos what the camera wrote into them.",
                records="Where and when a photo was taken, the device, and the name of the file.",
                kept=kept,
            ),
            SwitchView(
                switch="cookies",
                on=self._rooms.state.read(keeps_cookies),
                purpose="Let your organization's server remember small choices in this app.",
                records="The declared cookies that the list of cookies shows; none of them signs you in.",
                kept="On this computer until their date, or until you delete them.",
            ),
        )


def _read(log: AccountLog, query: LedgerQuery) -> LedgerResult:
    match query:
        case ListWaitingRecords():
            return reading.waiting(log, query.after, query.limit)
        case ListLedger():
            return reading.ledger_page(log, query.after, query.limit)
        case OpenLedgerEntry():
            return reading.ledger_entry(log, query.batch_id)
        case ListLosses():
            return reading.losses(log)
        case ListErasures():
            return Erasures(items=reading.erasures(log))
