"""What an agent in memory says of log data, choices, cookies and a person's own data, kept as the real one keeps it."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec

from agent import api
from agent.api import privacy
from protocol.discovery import ThirdParty
from telemetry.catalog import EVENTS
from tests.ui.fake_connections import connections, rfc3339

ORGANIZATION_OFF = "Your organization has turned this off for everyone. Ask your organization if you want it on."
PURPOSES = {
    "diagnostics": "Faults of the program, so that they are found and fixed.",
    "usage": "Which parts of the program are used and how long things take, never what was written.",
    "third_party": "Counts for an outside analytics service, relayed by your organization's server.",
}


def catalog() -> privacy.Catalog:
    events = sorted(EVENTS.values(), key=lambda one: (get_args(api.Category).index(one.category), one.name))
    return privacy.Catalog(
        events=tuple(
            privacy.CatalogEvent(
                name=one.name,
                version=one.version,
                category=one.category,
                purpose=one.purpose,
                retention_days=one.retention_days,
                expires=one.expires.isoformat(),
                fields=tuple(
                    privacy.CatalogField(
                        name=field.name,
                        kind=field.kind,
                        values=field.choices,
                        limit=field.limit,
                        rounded=field.bucket,
                    )
                    for field in one.fields
                ),
            )
            for one in events
        )
    )


def record(seq: int, name: str = "report.sent", **fields: str | int | bool) -> privacy.RecordItem:
    at = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(milliseconds=seq * 10)
    return privacy.RecordItem(
        seq=seq,
        name=name,
        category=EVENTS[name].category,
        at=rfc3339(at),
        size=131,
        fields=fields or {"kind": "new", "size_bytes": 1_048_576, "media": 3},
        envelope={
            "event.id": f"0198c6f2-7a11-7c52-9d0e-{seq:012x}",
            "sequence": seq,
            "consent.category": EVENTS[name].category,
            "consent.epoch": 1,
            "event.version": 1,
        },
    )


def batch(number: int, **fields: Any) -> privacy.LedgerItem:
    at = datetime.now(UTC) - timedelta(minutes=7 * number + 1)
    given = {
        "batch_id": f"batch-{number:06d}",
        "category": "usage",
        "state": "sent",
        "records": 40,
        "accepted": 40,
        "size": 2_310,
        "at": rfc3339(at),
        "status": 200,
        "cleared": False,
    }
    return privacy.LedgerItem(**(given | fields))


class Privacy:
    """Set the attributes to what a test needs; `fetched` counts the rows that were asked for and given."""

    consents: dict[tuple[str, str], str]
    tell: Callable[..., None]
    commands: list[api.Command]

    def __init__(self) -> None:
        self.locked: dict[str, str] = {"third_party": ORGANIZATION_OFF}
        self.third_parties: tuple[ThirdParty, ...] = ()
        self.third_parties_new: tuple[str, ...] = ()
        self.sent_records: dict[str, int] = {"diagnostics": 12}
        self.switches: dict[str, bool] = {"position": False, "network": False, "keep_details": False, "cookies": False}
        self.switch_locks: dict[str, str] = {
            "position": "This computer has no source that could say where it is.",
        }
        self.waiting_records: list[privacy.RecordItem] = []
        self.left: list[privacy.LedgerItem] = []
        self.entries: dict[str, privacy.LedgerEntry] = {}
        self.losses = privacy.Losses(items=(), recorded=0, accepted=0, queued=0, withheld=0)
        self.erasures: list[privacy.ErasureItem] = []
        self.cookies: list[privacy.CookieItem] = []
        self.refused_cookies = 0
        self.requests: list[privacy.DataRequest] = []
        self.only_here = privacy.OnlyHere()
        self.server_part = ""
        self.policy_texts: list[privacy.PolicyTextItem] = []
        self.policy_words = "# What is kept\n\nYour reports and check-ins.\n\n# How long\n\nSee the list."
        self.operator = ("Harbour Services Ltd", "Miratag operations", "Quay Street 1", "privacy@example.invalid")
        self.fetched = 0

    # -- choices

    def _do_ShowChoices(self, query: privacy.ShowChoices, _: object) -> privacy.Choices:
        return privacy.Choices(
            categories=tuple(self._choice(query.account, one) for one in get_args(api.Category)),
            switches=tuple(self._switch(name, on=on) for name, on in self.switches.items()),
        )

    def _choice(self, account: str, category: api.Category) -> privacy.ChoiceView:
        state = self.consents.get((account, category), "unknown")
        locked = self.locked.get(category, "")
        sent = self.sent_records.get(category, 0)
        return privacy.ChoiceView(
            category=category,
            state=state,  # type: ignore[arg-type]
            effective=state == "granted" and not locked,
            locked=locked,
            purpose=PURPOSES[category],
            events=tuple(one for one in catalog().events if one.category == category),
            kept_days=180,
            queued=sum(one.category == category for one in self.waiting_records[:1000]),
            sent=sent,
            last_sent=rfc3339(datetime.now(UTC)) if sent else None,
            third_parties=self.third_parties if category == "third_party" else (),
            third_parties_new=self.third_parties_new if category == "third_party" else (),
        )

    def _switch(self, name: str, *, on: bool) -> privacy.SwitchView:
        purpose, records, kept = {
            "position": ("Shows that you were there.", "The position, once, when you press.", "With the check-in."),
            "network": (
                "Shows that you were there.",
                "Which known network of the place this is.",
                "With the check-in.",
            ),
            "keep_details": (
                "Lets place and device travel with photos.",
                "Place, device, time and name.",
                "In the file.",
            ),
            "cookies": ("Remembers your theme and language.", "Nothing about you.", "Until they expire."),
        }[name]
        return privacy.SwitchView(
            switch=name,  # type: ignore[arg-type]
            on=on,
            purpose=purpose,
            records=records,
            kept=kept,
            locked=self.switch_locks.get(name, ""),
        )

    def _do_SetSwitch(self, command: privacy.SetSwitch, _: object) -> None:
        self.switches[command.switch] = command.on
        self.tell("privacy")

    def _do_ShowCatalog(self, _query: privacy.ShowCatalog, _: object) -> privacy.Catalog:
        return catalog()

    def _do_ShowPrivacy(self, query: api.ShowPrivacy, _: object) -> api.PrivacyView:
        views = self._do_ShowChoices(privacy.ShowChoices(account=query.account), None).categories
        return api.PrivacyView(
            categories=tuple(
                api.CategoryView(
                    category=one.category,
                    state=one.state,
                    effective=one.effective,
                    reason=one.locked,
                    purpose=one.purpose,
                    events=tuple(event.name for event in one.events),
                    queued=one.queued,
                    sent=one.sent,
                    last_sent=one.last_sent,
                )
                for one in views
            ),
            connections=connections(self.third_parties),
            counts={},
        )

    # -- the ledger

    def _do_ListWaitingRecords(self, query: privacy.ListWaitingRecords, _: object) -> privacy.WaitingRecords:
        after = int(query.after or 0)
        items = [one for one in self.waiting_records if one.seq > after][: query.limit]
        self.fetched += len(items)
        last = bool(self.waiting_records) and items and items[-1].seq < self.waiting_records[-1].seq
        return privacy.WaitingRecords(
            items=tuple(items),
            total=len(self.waiting_records),
            total_bytes=sum(one.size for one in self.waiting_records),
            next=str(items[-1].seq) if last else None,
            due=rfc3339(datetime.now(UTC) + timedelta(minutes=4)) if self.waiting_records else None,
        )

    def _do_RemoveRecord(self, command: privacy.RemoveRecord, _: object) -> None:
        if not any(one.seq == command.seq for one in self.waiting_records):
            raise api.AgentError("refused", "This record is not here any more: it was sent, or removed before.")
        self.waiting_records = [one for one in self.waiting_records if one.seq != command.seq]
        self.tell("privacy")

    def _do_SendLogDataNow(self, _command: privacy.SendLogDataNow, _: object) -> privacy.SentNow:
        records, self.waiting_records = len(self.waiting_records), []
        self.left.insert(0, batch(0, batch_id="batch-now", records=records, accepted=records))
        self.tell("privacy")
        return privacy.SentNow(batches=1, records=records, sentence="Everything that waited was sent.")

    def _do_ListLedger(self, query: privacy.ListLedger, _: object) -> privacy.LedgerPage:
        start = 0
        if query.after is not None:
            ids = [one.batch_id for one in self.left]
            start = ids.index(query.after) + 1 if query.after in ids else len(ids)
        items = tuple(self.left[start : start + query.limit])
        self.fetched += len(items)
        more = start + len(items) < len(self.left)
        return privacy.LedgerPage(items=items, total=len(self.left), next=items[-1].batch_id if more else None)

    def _do_OpenLedgerEntry(self, query: privacy.OpenLedgerEntry, _: object) -> privacy.LedgerEntry:
        if query.batch_id in self.entries:
            return self.entries[query.batch_id]
        item = next((one for one in self.left if one.batch_id == query.batch_id), None)
        if item is None:
            raise api.AgentError("not_found", "This entry is not in the ledger any more; it was too old to be kept.")
        return privacy.LedgerEntry(
            item=item,
            host="reports.example.invalid",
            installation_id="7f3c1a90-55d2-4c1e-9f8e-2b6a0c4d1e77",
            sha256=hashlib.sha256(item.batch_id.encode()).hexdigest(),
            records=() if item.cleared else tuple(record(seq) for seq in range(1, item.records + 1)),
            reply="" if item.status is None else "partial_success {}",
            verdicts={"unknown_to_server": item.records - item.accepted} if item.records != item.accepted else {},
        )

    def _do_ListLosses(self, _query: privacy.ListLosses, _: object) -> privacy.Losses:
        return self.losses

    def _do_ClearLedger(self, _command: privacy.ClearLedger, _: object) -> None:
        self.left = [msgspec.structs.replace(one, cleared=True) for one in self.left]
        self.tell("privacy")

    def _do_ExportLedger(self, command: privacy.ExportLedger, _: object) -> privacy.Written:
        data = json.dumps({"sent": [one.batch_id for one in self.left]}).encode()
        Path(command.path).write_bytes(data)
        return privacy.Written(path=command.path, size=len(data))

    # -- erasure, cookies, my data, policies

    def _do_EraseSent(self, command: privacy.EraseSent, _: object) -> privacy.ErasureItem:
        item = privacy.ErasureItem(
            erasure_id=f"erasure-{len(self.erasures)}",
            asked=rfc3339(datetime.now(UTC)),
            categories=command.categories,
            state="waiting",
        )
        self.erasures.insert(0, item)
        self.tell("privacy")
        return item

    def _do_ListErasures(self, _query: privacy.ListErasures, _: object) -> privacy.Erasures:
        return privacy.Erasures(items=tuple(self.erasures))

    def _do_SaveErasureReceipt(self, command: privacy.SaveErasureReceipt, _: object) -> privacy.Written:
        item = next(one for one in self.erasures if one.erasure_id == command.erasure_id)
        data = item.receipts[command.number].encode()
        Path(command.path).write_bytes(data)
        return privacy.Written(path=command.path, size=len(data))

    def _do_ResetInstallation(self, _command: privacy.ResetInstallation, _: object) -> None:
        self.waiting_records = []

    def _do_ListCookies(self, _query: privacy.ListCookies, _: object) -> privacy.Cookies:
        blocked = not self.switches["cookies"]
        return privacy.Cookies(items=tuple(self.cookies), refused=self.refused_cookies, blocked=blocked)

    def _do_DeleteCookies(self, command: privacy.DeleteCookies, _: object) -> None:
        self.cookies = [one for one in self.cookies if command.name not in (None, one.name)]
        self.tell("privacy")

    def _do_CollectMyData(self, command: privacy.CollectMyData, _: object) -> privacy.Collected:
        Path(command.path).write_bytes(b"PK")
        return privacy.Collected(path=command.path, size=48_300_000, server=self.server_part)

    def _do_EraseLocalCopy(self, command: privacy.EraseLocalCopy, _: object) -> None:
        snapshot = self.snapshot()  # type: ignore[attr-defined]
        if snapshot.waiting and not command.unsent_too:
            raise api.AgentError("refused", "Work waits here that the server has not received.")
        self._do_SignOut(api.SignOut(account=command.account), None)  # type: ignore[attr-defined]

    def _do_AskErasure(self, command: privacy.AskErasure, _: object) -> privacy.DataRequest:
        request = privacy.DataRequest(
            request_id=f"request-{len(self.requests)}",
            wish=command.wish,
            asked=rfc3339(datetime.now(UTC)),
            state="asked",
            sent=True,
        )
        self.requests.insert(0, request)
        return request

    def _do_ShowOnlyHere(self, _query: privacy.ShowOnlyHere, _: object) -> privacy.OnlyHere:
        return self.only_here

    def _do_ListDataRequests(self, _query: privacy.ListDataRequests, _: object) -> privacy.DataRequests:
        return privacy.DataRequests(items=tuple(self.requests))

    def _do_ListPolicyTexts(self, _query: privacy.ListPolicyTexts, _: object) -> privacy.PolicyTextList:
        organization, operator, address, contact = self.operator
        return privacy.PolicyTextList(
            items=tuple(self.policy_texts),
            organization=organization,
            operator=operator,
            address=address,
            contact=contact,
        )

    def _do_DismissPolicyNotice(self, command: privacy.DismissPolicyNotice, _: object) -> None:
        banner = self.snapshot().banner  # type: ignore[attr-defined]
        if banner is not None and banner.policy is not None and banner.policy.version == command.version:
            self.change(banner=None)  # type: ignore[attr-defined]

    def _do_DismissReceiversNotice(self, _command: privacy.DismissReceiversNotice, _: object) -> None:
        self.change(banner=None)  # type: ignore[attr-defined]

    def _do_OpenPolicyText(self, query: privacy.OpenPolicyText, _: object) -> privacy.OpenedPolicyText:
        item = next(one for one in self.policy_texts if one.version == query.version)
        self._do_DismissPolicyNotice(privacy.DismissPolicyNotice(account=query.account, version=query.version), _)
        return privacy.OpenedPolicyText(item=item, text=self.policy_words)

    def _do_AnswerPolicyText(self, command: privacy.AnswerPolicyText, _: object) -> None:
        self.policy_texts = [
            msgspec.structs.replace(one, answer="accepted") if one.version == command.version else one
            for one in self.policy_texts
        ]
