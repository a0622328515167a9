"""An agent in memory that keeps the promises of agent.api: answers on its own thread, in order, with real states.

Nothing is sent anywhere; a test plays the server with `deliver`, `refuse`, `link` and the like.
"""

import hashlib
import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from agent import api
from protocol.templates import Template
from rules.templates.filling import first_answers, media_of
from tests.ui.fake_attendance import Attending
from tests.ui.fake_connections import rfc3339
from tests.ui.fake_privacy import Privacy
from tests.ui.fake_reviewing import Reviewing


class FakeAgent(Attending, Reviewing, Privacy):
    """`hold` keeps every answer back until `release`; `fail_next` lets the next command of a type fail."""

    def __init__(self, folder: Path, *, signed_in: bool = True) -> None:
        Privacy.__init__(self)
        self.folder = folder
        self.commands: list[api.Command] = []
        self.queries: list[api.Query] = []
        self.closed = False
        self.locations = [
            api.LocationItem(location_id=f"loc-{n}", name=name, address=address)
            for n, (name, address) in enumerate(
                [("Gate 2", "Harbour Road 4"), ("Main office", "Quay Street 1"), ("Yard", "Harbour Road 11")]
            )
        ]
        self.templates: list[Template] = []
        self.items: dict[str, list[api.ActivityItem]] = {}
        self.details: dict[str, api.ReportDetail] = {}
        self.incomplete: dict[str, str] = {}
        self.consents: dict[tuple[str, str], str] = {}
        self.attached: dict[str, api.MediaItem] = {}
        self.drafts: dict[str, api.Draft] = {}
        self.owners: dict[str, str] = {}
        self.held: dict[str, tuple[api.Draft, dict[str, api.MediaItem]]] = {}
        self._failures: dict[type, api.AgentError] = {}
        self._numbers = itertools.count(1)
        self._listeners: list[Callable[[api.Event], None]] = []
        self._snapshot = api.Snapshot(revision=1, link="signed_out")
        self._waiting_sign_in: Future[Any] | None = None
        self._gate = threading.Event()
        self._gate.set()
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="fake-agent", daemon=True)
        self._thread.start()
        if signed_in:
            self.add_account("acme/ana", "Ana Silva", "Harbour Services")
            self._snapshot = msgspec.structs.replace(self._snapshot, link="online")

    # -- the Protocol

    def submit(self, command: api.Command) -> "Future[Any]":
        self.commands.append(command)
        return self._post(command, getattr(self, f"_do_{type(command).__name__}"))

    def query(self, query: api.Query) -> "Future[Any]":
        self.queries.append(query)
        return self._post(query, getattr(self, f"_do_{type(query).__name__}"))

    def snapshot(self) -> api.Snapshot:
        return self._snapshot

    def subscribe(self, listener: Callable[[api.Event], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def close(self) -> None:
        self.closed = True
        self._gate.set()
        self._work.put(None)
        self._thread.join(5)

    # -- what a test does

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    def fail_next(self, command: type, sentence: str, kind: api.ErrorKind = "usage") -> None:
        self._failures[command] = api.AgentError(kind, sentence)

    def change(self, *what: str, **fields: Any) -> None:
        """Set fields of the snapshot and tell."""
        self._snapshot = msgspec.structs.replace(self._snapshot, revision=self._snapshot.revision + 1, **fields)
        self.tell(*(what or ("snapshot",)))

    def tell(self, *what: str) -> None:
        for listener in tuple(self._listeners):
            listener(api.Changed(what=frozenset(what)))

    def ask_for_window(self, event: api.OpenWindow) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    def add_account(self, account: str, name: str, organization: str, *, signed_in: bool = True) -> None:
        view = api.AccountView(
            account=account,
            name=name,
            email=f"{account.partition('/')[2]}@example.invalid",
            organization=organization,
            server_url="https://reports.example.invalid",
            signed_in=signed_in,
            credentials="keyring" if signed_in else "none",
        )
        current = self._snapshot.current or account
        self._snapshot = msgspec.structs.replace(
            self._snapshot, accounts=(*self._snapshot.accounts, view), current=current
        )
        self.items.setdefault(account, [])

    def put(self, account: str, item: api.ActivityItem) -> None:
        """Insert or replace one line of Activity, newest first."""
        rest = [other for other in self.items[account] if other.item_id != item.item_id]
        self.items[account] = sorted([*rest, item], key=lambda line: line.key, reverse=True)

    def deliver(self, item_id: str, **fields: Any) -> None:
        """The server answered: the item's state and more."""
        for account, lines in self.items.items():
            for line in lines:
                if line.item_id == item_id:
                    changed = msgspec.structs.replace(line, **fields)
                    self.put(account, changed)
                    if item_id in self.details:
                        self.details[item_id] = msgspec.structs.replace(self.details[item_id], item=changed)
                    self._recount(account)
                    return
        raise AssertionError(item_id)

    def _recount(self, account: str) -> None:
        lines = self.items[account]
        self.change(
            "snapshot",
            "activity",
            waiting=sum(line.state in ("saved", "waiting") for line in lines),
            sending=sum(line.state == "sending" for line in lines),
            needs_you=sum(line.state in ("needs_you", "returned") for line in lines),
        )

    # -- the thread

    def _post(self, message: object, act: Callable[[Any, "Future[Any]"], object]) -> "Future[Any]":
        future: Future[Any] = Future()

        def work() -> None:
            failure = self._failures.pop(type(message), None)
            try:
                if failure is not None:
                    raise failure
                result = act(message, future)
            except Exception as error:  # noqa: BLE001 - whatever went wrong belongs to whoever asked
                future.set_exception(error)
                return
            if result is not future:
                future.set_result(result)

        self._work.put(work)
        return future

    def _serve(self) -> None:
        while (work := self._work.get()) is not None:
            self._gate.wait()
            work()

    # -- commands

    def _do_Attach(self, command: api.Attach, _: object) -> api.Attached:
        data = command.data if command.data is not None else Path(command.path or "").read_bytes()
        name = command.name or Path(command.path or "picture.png").name
        if not data:
            raise api.AgentError("usage", f"“{name}” is empty. Choose another file; your text is kept.")
        media_id = f"media-{next(self._numbers)}"
        spooled = self.folder / media_id
        spooled.write_bytes(data)
        kind = "image/png" if data.startswith(b"\x89PNG") else "application/pdf"
        kind = "image/heic" if data[4:12] == b"ftypheic" else kind
        thumbnail = str(spooled) if kind == "image/png" else None
        self.attached[media_id] = api.MediaItem(
            media_id=media_id,
            name=name,
            content_type=kind,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            sent_bytes=0,
            path=str(spooled),
            thumbnail=thumbnail,
        )
        return api.Attached(
            media_id=media_id,
            name=name,
            size=len(data),
            content_type=kind,
            spool_path=str(spooled),
            metadata_removed=kind == "image/png" and not self._snapshot.keeps_details,
            keeps_details=self._snapshot.keeps_details,
            thumbnail=thumbnail,
        )

    def _do_SetKeepDetails(self, command: api.SetKeepDetails, _: object) -> None:
        self.change(keeps_details=command.keep)

    def _do_HoldMedia(self, _command: object, _: object) -> None:
        """Only remembered in `commands`, as the next four."""

    def _do_RetryMedia(self, _command: object, _: object) -> None: ...
    def _do_FetchPictures(self, _command: object, _: object) -> None: ...
    def _do_FetchMedia(self, _command: object, _: object) -> None: ...
    def _do_OpenMedia(self, _command: object, _: object) -> None: ...

    def _do_Detach(self, command: api.Detach, _: object) -> None:
        media = self.attached.pop(command.media_id)
        Path(media.path or "").unlink()

    def _do_SaveDraft(self, command: api.SaveDraft, _: object) -> api.DraftSaved:
        now = rfc3339(datetime.now(UTC))
        new = command.draft_id not in self.drafts
        place = self._place(command.location_id)
        template = self._template(command.template_id, command.template_version)
        named = media_of(template.fields, command.answers) if template is not None else []
        media = tuple(self._attached(one) for one in dict.fromkeys((*command.media, *named)) if one in self.attached)
        self.drafts[command.draft_id] = api.Draft(
            draft_id=command.draft_id,
            text=command.text,
            location_id=command.location_id,
            location=place,
            place_chosen=command.place_chosen,
            media=media,
            saved_at=now,
            template=self._template(command.template_id, command.template_version),
            answers=command.answers,
            edits=None if new else self.drafts[command.draft_id].edits,
            edits_title="" if new else self.drafts[command.draft_id].edits_title,
        )
        self.owners[command.draft_id] = command.account
        if new:
            self.tell("drafts")
        return api.DraftSaved(draft_id=command.draft_id, saved_at=now)

    def _attached(self, media_id: str) -> api.Attached:
        item = self.attached[media_id]
        return api.Attached(
            media_id=media_id,
            name=item.name,
            size=item.size,
            content_type=item.content_type,
            spool_path=item.path or "",
            thumbnail=item.thumbnail,
        )

    def _do_DiscardDraft(self, command: api.DiscardDraft, _: object) -> None:
        self.drafts.pop(command.draft_id, None)
        self.tell("drafts")

    def _do_SendDrafts(self, command: api.SendDrafts, _: object) -> api.DraftsSent:
        filed, kept = [], []
        for draft_id in command.draft_ids:
            draft = self.drafts[draft_id]
            if draft_id in self.incomplete:
                title = draft.text.partition("\n")[0]
                kept.append(api.KeptDraft(draft_id=draft_id, title=title, sentence=self.incomplete[draft_id]))
                continue
            report = api.FileReport(
                account=command.account,
                text=draft.text,
                location_id=draft.location_id,
                media=tuple(one.media_id for one in draft.media),
                template_id=draft.template.template_id if draft.template is not None else None,
                template_version=draft.template.version if draft.template is not None else None,
                answers=draft.answers,
                instance_id=draft_id,
                undoable=command.undoable,
            )
            filed.append(self._do_FileReport(report, None))
        return api.DraftsSent(filed=tuple(filed), kept=tuple(kept))

    def _do_UndoSend(self, command: api.UndoSend, _: object) -> api.DraftList:
        for instance_id in command.instance_ids:
            if instance_id not in self.held:
                raise api.AgentError("refused", "It is too late to undo this.")
            draft, media = self.held.pop(instance_id)
            self.drafts[instance_id] = draft
            self.attached |= media
            lines = self.items[command.account]
            self.items[command.account] = [line for line in lines if line.item_id != instance_id]
        self.tell("activity", "drafts")
        every = self._do_ListDrafts(api.ListDrafts(account=command.account), None).items
        return api.DraftList(items=tuple(one for one in every if one.draft_id in command.instance_ids))

    def _do_ListDrafts(self, query: api.ListDrafts, _: object) -> api.DraftList:
        found = [
            api.DraftItem(
                draft_id=draft.draft_id,
                title=draft.text.strip().split("\n")[0],
                saved_at=draft.saved_at,
                checklist=draft.template.title if draft.template is not None else "",
                edits=draft.edits,
            )
            for draft in self.drafts.values()
            if self.owners[draft.draft_id] == query.account
        ]
        return api.DraftList(items=tuple(sorted(found, key=lambda item: item.saved_at, reverse=True)))

    def _do_OpenDraft(self, query: api.OpenDraft, _: object) -> api.Draft:
        return self.drafts[query.draft_id]

    def _do_CopyReport(self, command: api.CopyReport, _: object) -> api.Draft:
        report = self.details[command.instance_id]
        save = api.SaveDraft(account=command.account, draft_id=command.draft_id, text=report.text)
        self._do_SaveDraft(save, None)
        return self.drafts[command.draft_id]

    def _do_ExportReport(self, command: api.ExportReport, _: object) -> api.Exported:
        return api.Exported(path=f"{command.folder}/report", items=1, files=1, missing=1)

    def _do_ExportStuck(self, command: api.ExportStuck, _: object) -> api.Exported:
        return api.Exported(path=command.path, items=self._snapshot.needs_you)

    def _do_FileReport(self, command: api.FileReport, _: object) -> api.Filed:
        draft = self.drafts.get(command.instance_id or "")
        if draft is not None and draft.edits is not None:
            del self.drafts[draft.draft_id]
            self.tell("drafts")
            return self._do_EditReport(
                api.EditReport(account=command.account, instance_id=draft.edits, text=command.text), _
            )
        number = next(self._numbers)
        now = rfc3339(datetime.now(UTC))
        template = self._template(command.template_id, command.template_version)
        named = media_of(template.fields, command.answers) if template is not None else []
        files = tuple(dict.fromkeys((*command.media, *named)))
        item = api.ActivityItem(
            key=f"{now}|{number:06d}",
            item_id=command.instance_id or f"report-{number}",
            kind="report",
            title=command.title or command.text.strip().split("\n")[0] or (template.title if template else ""),
            location=self._place(command.location_id),
            at=now,
            state="saved",
            media_count=len(files),
            template_id=command.template_id,
            checklist=template.title if template is not None else "",
        )
        media = tuple(self.attached.pop(media_id) for media_id in files)
        draft = self.drafts.pop(item.item_id, None)
        until = None
        if command.undoable and draft is not None:
            until = rfc3339(datetime.now(UTC) + timedelta(seconds=5))
            self.held[item.item_id] = draft, {one.media_id: one for one in media}
        self.tell("drafts")
        self.details[item.item_id] = api.ReportDetail(
            item=item, text=command.text, media=media, template=template, answers=command.answers
        )
        self.put(command.account, item)
        self._recount(command.account)
        return api.Filed(instance_id=item.item_id, revision_id=f"revision-{number}", undo_until=until)

    def _do_Retry(self, command: api.Retry, _: object) -> None:
        for line in list(self.items[command.account]):
            if line.state == "needs_you" and command.item_id in (None, line.item_id):
                self.deliver(line.item_id, state="waiting", sentence="")

    def _do_SyncNow(self, _command: api.SyncNow, _: object) -> api.Synced:
        return api.Synced(waiting=self._snapshot.waiting, needs_you=self._snapshot.needs_you, online=True)

    def _do_NetworkIsBack(self, command: api.NetworkIsBack, _: object) -> None:
        pass

    def _do_NetworkIsMetered(self, command: api.NetworkIsMetered, _: object) -> None:
        pass

    def _do_PauseSending(self, command: api.PauseSending, _: object) -> None:
        self.change(paused=command.paused)

    def _do_SignIn(self, command: api.SignIn, future: "Future[Any]") -> object:
        if command.enrolment_code is None:
            self._waiting_sign_in = future
            self.change(signing_in=True)
            return future
        return self._signed_in()

    def finish_sign_in(self) -> None:
        """The browser came back."""
        waiting, self._waiting_sign_in = self._waiting_sign_in, None
        assert waiting is not None
        waiting.set_result(self._signed_in())

    def _signed_in(self) -> api.SignedIn:
        self.add_account("acme/ben", "Ben Okoro", "Harbour Services")
        self.change("snapshot", "activity", "locations", signing_in=False, current="acme/ben", link="online")
        return api.SignedIn(account="acme/ben", name="Ben Okoro", organization="Harbour Services")

    def _do_CancelSignIn(self, _command: api.CancelSignIn, _: object) -> None:
        waiting, self._waiting_sign_in = self._waiting_sign_in, None
        if waiting is not None:
            waiting.set_exception(api.AgentError("cancelled", "Signing in was stopped."))
        self.change(signing_in=False)

    def _do_SignOut(self, command: api.SignOut, _: object) -> None:
        left = tuple(view for view in self._snapshot.accounts if view.account != command.account)
        current = left[0].account if left else None
        self.change("snapshot", "activity", accounts=left, current=current, session=None)

    def _do_SelectAccount(self, command: api.SelectAccount, _: object) -> None:
        self.change("snapshot", "activity", "locations", current=command.account, session=None)

    def _do_SetConsent(self, command: api.SetConsent, _: object) -> None:
        self.consents[command.account, command.category] = command.state
        self.tell("privacy")

    def _do_DismissPrivacyCard(self, _command: api.DismissPrivacyCard, _: object) -> None:
        self.change("snapshot", privacy_card=False)

    def _do_RecordEvent(self, _command: api.RecordEvent, _: object) -> None:
        return None

    # -- queries

    def _do_ListActivity(self, query: api.ListActivity, _: object) -> api.ActivityPage:
        needle = query.search.lower()
        found = [
            line
            for line in self.items[query.account]
            if (query.after is None or line.key < query.after)
            and (not query.needs_you or line.state in ("needs_you", "returned"))
            and (
                query.state is None or ("waiting" if line.state in ("saved", "sending") else line.state) == query.state
            )
            and (query.location_id is None or line.location == self._place(query.location_id))
            and (query.template_id is None or line.template_id == query.template_id)
            and (query.since is None or line.at >= query.since)
            and (needle in line.title.lower() or needle in line.location.lower())
        ]
        page = tuple(found[: query.limit])
        return api.ActivityPage(items=page, next=page[-1].key if len(found) > query.limit else None)

    def _do_ShowReport(self, query: api.ShowReport, _: object) -> api.ReportDetail:
        if query.instance_id not in self.details:
            raise api.AgentError("not_found", "This report is no longer on this computer.")
        return self.details[query.instance_id]

    def _do_ListTemplates(self, query: api.ListTemplates, _: object) -> api.TemplateList:
        found = [
            api.TemplateItem(template_id=one.template_id, version=one.version, title=one.title)
            for one in {one.template_id: one for one in self.templates}.values()
            if query.search.lower() in one.title.lower()
        ]
        return api.TemplateList(items=tuple(found[: query.limit]), total=len(found))

    def _do_OpenTemplate(self, query: api.OpenTemplate, _: object) -> api.OpenedTemplate:
        template = self._template(query.template_id, query.version)
        if template is None:
            raise api.AgentError("not_found", "This checklist is not on this computer.")
        answers = first_answers(template.fields, {})
        return api.OpenedTemplate(template=template, newest=template.version, active=True, answers=answers)

    def _template(self, template_id: str | None, version: int | None) -> Template | None:
        """Of the versions put in `templates`, oldest first."""
        found = [one for one in self.templates if one.template_id == template_id and version in (None, one.version)]
        return found[-1] if found else None

    def _do_ReopenReport(self, command: api.ReopenReport, _: object) -> api.Draft:
        detail = self.details.pop(command.instance_id)
        self.items[command.account] = [one for one in self.items[command.account] if one.item_id != command.instance_id]
        self.attached |= {one.media_id: one for one in detail.media}
        self.drafts[command.instance_id] = draft = api.Draft(
            draft_id=command.instance_id,
            text=detail.text,
            media=tuple(self._attached(one.media_id) for one in detail.media),
            saved_at=detail.item.at,
            template=detail.template,
            answers=detail.answers,
        )
        self.owners[command.instance_id] = command.account
        self._recount(command.account)
        return draft

    def _do_ShowStatus(self, _query: api.ShowStatus, _: object) -> api.Snapshot:
        return self._snapshot

    def _place(self, location_id: str | None) -> str:
        return next((place.name for place in self.locations if place.location_id == location_id), "")
