"""The Privacy centre's commands and queries, through the real agent and against the real server."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.accounts.directory import stored_accounts
from agent.api import (
    AgentError,
    Catalog,
    Choices,
    ClearLedger,
    Cookies,
    DeleteCookies,
    EraseSent,
    Erasures,
    ExportLedger,
    LedgerPage,
    ListCookies,
    ListErasures,
    ListLedger,
    ListLosses,
    ListWaitingRecords,
    Losses,
    OpenLedgerEntry,
    PrivacyView,
    RemoveRecord,
    ResetInstallation,
    SaveErasureReceipt,
    SendLogDataNow,
    SentNow,
    SetConsent,
    SetSwitch,
    ShowCatalog,
    ShowChoices,
    ShowPrivacy,
    SignOut,
    WaitingRecords,
    Written,
)
from agent.transport import EgressRow
from protocol.privacy import LogErasurePayload
from protocol.statements import ERASURE, SignedStatement
from rules.statements import read_statement
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("centre")) as running:
        yield running


def switches(one: AtWork) -> dict[str, bool]:
    shown: Choices = one.look(ShowChoices(account=one.account))
    return {switch.switch: switch.on for switch in shown.switches}


def test_every_row_of_the_egress_table_is_told_used_or_not(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        one.sync()
        view: PrivacyView = one.look(ShowPrivacy(account=one.account))
        assert {connection.name for connection in view.connections} == set(EgressRow)
        for connection in view.connections:
            assert connection.host
            assert connection.purpose
            assert connection.fields
            assert (connection.last is None) == (connection.requests == 0)


def test_switches_are_off_at_first_and_kept(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        assert not any(switches(one).values())
        one.do(SetSwitch(account=one.account, switch="network", on=True))
        one.do(SetSwitch(account=one.account, switch="keep_details", on=True))
        one.do(SetSwitch(account=one.account, switch="cookies", on=True))
        chosen = {"network", "keep_details", "cookies"}
        assert {switch for switch, on in switches(one).items() if on} == chosen
        with pytest.raises(AgentError, match="no way to ask this computer where it is"):
            one.do(SetSwitch(account=one.account, switch="position", on=True))
        account = one.account
    with at_work(tmp_path / "profile") as one:
        one.account = account
        assert {switch for switch, on in switches(one).items() if on} == chosen


def test_what_waits_is_read_removed_sent_and_listed(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        account = one.account
        one.do(SetConsent(account=account, category="usage", state="granted"))
        one.file("The crane is repaired.")
        one.file("The pier is clear.")
        waiting: WaitingRecords = one.look(ListWaitingRecords(account=account))
        reports = [record for record in waiting.items if record.name == "report.sent"]
        one.do(RemoveRecord(account=account, seq=reports[0].seq))
        sent: SentNow = one.do(SendLogDataNow(account=account))
        assert sent.records >= 1
        page: LedgerPage = one.look(ListLedger(account=account))
        entry = one.look(OpenLedgerEntry(account=account, batch_id=page.items[-1].batch_id))
        assert reports[0].seq not in {record.seq for record in entry.records}
        assert reports[1].seq in {record.seq for record in entry.records}
        path = tmp_path / "ledger.json"
        written: Written = one.do(ExportLedger(account=account, path=str(path)))
        assert written.size == path.stat().st_size
        assert json.loads(path.read_bytes())["sent"]
        one.do(ClearLedger(account=account))
        cleared: LedgerPage = one.look(ListLedger(account=account))
        assert all(item.cleared for item in cleared.items)
        one.do(ResetInstallation(account=account))
        lost: Losses = one.look(ListLosses(account=account))
        assert lost.recorded == lost.accepted + lost.queued + sum(
            item.count for item in lost.items if item.category is not None
        )
        catalog: Catalog = one.look(ShowCatalog())
        assert {record.name for record in entry.records} <= {event.name for event in catalog.events}


def test_what_was_sent_is_erased_and_the_receipt_holds_after_withdrawal_and_sign_out(
    server: LiveServer, tmp_path: Path
) -> None:
    with at_work(tmp_path / "profile", server) as one:
        account = one.account
        one.do(SetConsent(account=account, category="usage", state="granted"))
        one.file("The crane is repaired.")
        sent: SentNow = one.do(SendLogDataNow(account=account))
        assert sent.records
        one.do(SetConsent(account=account, category="usage", state="denied"))
        one.do(SignOut(account=account))
        one.do(EraseSent(account=account))

        def done(_snapshot: object) -> bool:
            listed: Erasures = one.look(ListErasures(account=account))
            return listed.items[0].state == "done"

        one.until(done)
        listed: Erasures = one.look(ListErasures(account=account))
        (item,) = listed.items
        assert item.erased >= sent.records
        (keys,) = [known.keys for known in stored_accounts(one.profile.state) if known.account == account]
        path = tmp_path / "receipt.json"
        save = SaveErasureReceipt(account=account, erasure_id=item.erasure_id, number=0, path=str(path))
        written: Written = one.do(save)
        assert path.read_text(encoding="utf-8") == item.receipts[0]
        assert written.size == path.stat().st_size
        with pytest.raises(AgentError, match=r"receipt\.json"):
            one.do(msgspec.structs.replace(save, path=str(tmp_path / "no folder" / "receipt.json")))
        statement = msgspec.json.decode(item.receipts[0], type=SignedStatement)
        payload = read_statement(statement, keys, ERASURE, LogErasurePayload)
        assert sum(count.records for count in payload.erased) == item.erased
        page: LedgerPage = one.look(ListLedger(account=account))
        entry = one.look(OpenLedgerEntry(account=account, batch_id=page.items[0].batch_id))
        assert entry.erased is not None


def test_cookies_are_listed_kept_deleted_and_blocked(server: LiveServer, tmp_path: Path) -> None:
    def set_by_server(one: AtWork) -> None:
        rooms = one.agent._rooms
        assert rooms is not None
        set_cookies = ["miratag-language=ar; Max-Age=3600", "miratag-route=a1", "tracker=1; Max-Age=3600"]
        rooms.cookies.take(one.account, EgressRow.SYNC, server.url, set_cookies)

    with at_work(tmp_path / "profile", server) as one:
        account = one.account
        set_by_server(one)
        cookies: Cookies = one.look(ListCookies(account=account))
        assert [(item.name, item.persistent) for item in cookies.items] == [("miratag-route", False)]
        assert (cookies.blocked, cookies.refused) == (True, 2)
        one.do(SetSwitch(account=account, switch="cookies", on=True))
        set_by_server(one)
        one.sync()
    with at_work(tmp_path / "profile") as one:
        one.account = account
        cookies = one.look(ListCookies(account=account))
        (kept,) = cookies.items
        assert (kept.name, kept.persistent, cookies.blocked) == ("miratag-language", True, False)
        assert kept.purpose
        assert kept.expires is not None
        one.do(DeleteCookies(account=account, name="miratag-language"))
        assert one.look(ListCookies(account=account)).items == ()
        set_by_server(one)
        one.do(SetSwitch(account=account, switch="cookies", on=False))
        assert [item.name for item in one.look(ListCookies(account=account)).items] == ["miratag-route"]
    with at_work(tmp_path / "profile") as one:
        one.account = account
        assert one.look(ListCookies(account=account)).items == ()


def test_reading_makes_no_file(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one:
        account = one.account
        one.look(ShowChoices(account=account))
        assert one.look(ListWaitingRecords(account=account)).items == ()
        assert one.look(ListLedger(account=account)).total == 0
        assert one.look(ListLosses(account=account)).recorded == 0
        one.do(ClearLedger(account=account))
        one.do(ResetInstallation(account=account))
        assert one.do(SendLogDataNow(account=account)).batches == 0
        with pytest.raises(AgentError, match="not in the ledger"):
            one.look(OpenLedgerEntry(account=account, batch_id="none"))
        assert not one.profile.telemetry(account).exists()
