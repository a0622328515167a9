"""One person's two devices, which reach a real server only over a line that loses and repeats; each act is done and,
once it is committed, promised (tests.integration.agent.promised)."""

import hashlib
import io
import random
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec
from PIL import Image
from uuid6 import uuid7

from agent.api import (
    AddComment,
    AgentError,
    Attach,
    CopyReport,
    DiscardDraft,
    Draft,
    DraftReport,
    DraftsSent,
    FetchReport,
    KeepVersion,
    PauseSending,
    ReopenReport,
    Retry,
    SaveDraft,
    SendDrafts,
    Synced,
    UndoSend,
)
from agent.store import feed
from agent.store import versions as stored_versions
from agent.store.writer import Store
from protocol.operations import REPORT_COMMENT, ReportRevision
from protocol.sync import SyncRequest, SyncResponse
from rules.report_text import MAX_TEXT_BYTES
from rules.templates.filling import answers_of
from server.accounts.enrolment import issue
from server.demo.checklists import DAILY_REPORT
from server.reports.reviewing import Verdict, decide
from server.reports.revising import heads, latest_review
from server.storage.tables import access_grant, operation, report
from server.templates.publishing import publish_version
from tests.contract.conftest import _house, new_id
from tests.contract.in_process_server import InProcessServer
from tests.integration.agent.at_work import AtWork
from tests.integration.agent.promised import Promised, Report, Said, Version
from tests.services.replaying_proxy import Fate, Heard, ReplayingProxy

SECONDS = 20
MOST_PHOTOS = 10
"""Of the checklist's question."""
_NOT_HERE = {"refused", "not_found"}
_DUPLICATES = {"accepted", "conflict", "duplicate"}
T = TypeVar("T")


class Apart:
    """An organization of its own, its worker's devices 0 and 1, and what was promised. Both are signed in and know the
    checklist; nothing is sent but in `deliver`."""

    def __init__(self, server: InProcessServer, line: ReplayingProxy) -> None:
        self.server, self.line = server, line
        self.promised = Promised()
        self.count = 0
        self._folder = tempfile.TemporaryDirectory()
        line.arrived.clear()
        line.held.clear()
        self.house = _house(server.database, "Harbour Works")
        with server.database.write(self.house.organization_id) as t:
            manager = self.house.manager
            t.insert(access_grant, grant_id=new_id(), member_id=manager.member_id, role="manager", created="now")
            self.checklist = publish_version(t, self.house.admin, DAILY_REPORT)
        self.works = [self._signed_in(number) for number in (0, 1)]
        for number in (0, 1):
            self.deliver(number)

    def _signed_in(self, number: int) -> AtWork:
        with self.server.database.write(self.house.organization_id) as t:
            code = issue(t, self.house.admin, self.house.ana.member_id)
        work = AtWork(Path(self._folder.name) / str(number))
        self.line.open()
        work.enrol(f"http://127.0.0.1:{self.line.port}", code)
        work.do(PauseSending(paused=True))
        self.line.shut()
        return work

    def close(self) -> None:
        """End both."""
        self.line.shut()
        for work in self.works:
            work.agent.close()
        self.server.wait_until_idle()
        self._folder.cleanup()

    def next(self) -> int:
        """A number that nothing has yet."""
        self.count += 1
        return self.count

    def store(self, device: int) -> Store:
        """The rows of a device."""
        work = self.works[device]
        return work.agent._opened().workplaces[work.account].store

    # -- what the person does ------------------------------------------------------------------------------------

    def attach(self, device: int) -> str:
        """A small photo, unlike any other."""
        work, picture = self.works[device], io.BytesIO()
        Image.new("RGB", (8, 8), (self.next() % 256, self.count // 256, device)).save(picture, "PNG")
        attached = work.do(Attach(account=work.account, data=picture.getvalue(), name="photo.png"))
        kept = Path(attached.spool_path).read_bytes()
        self.promised.hashes[attached.media_id] = hashlib.sha256(kept).hexdigest()
        return str(attached.media_id)

    def write(self, device: int, *, filled: bool, photo: bool) -> str:
        """Begin a draft, of a checklist or not; its id."""
        number, files = self.next(), [self.attach(device)] if photo else []
        if not filled:
            return self.save(device, new_id(), Said(f"Report {number}\nBegun {number}", {}, frozenset(files)))
        answers = {"done": f"Done {number}", "incident": {"result": "pass"}, **({"photos": files} if photo else {})}
        return self.save(device, new_id(), Said("", answers, frozenset(files), self.checklist.title))

    def save(self, device: int, draft_id: str, said: Said) -> str:
        """Keep a draft."""
        work = self.works[device]
        of = self.checklist if said.checklist else None
        work.do(
            SaveDraft(
                account=work.account,
                draft_id=draft_id,
                text=said.text,
                place_chosen=True,
                media=tuple(sorted(said.files)),
                template_id=of.template_id if of else None,
                template_version=of.version if of else None,
                answers=said.answers,
            )
        )
        self.promised.drafts[device][draft_id] = said
        return draft_id

    def send(self, device: int, draft_id: str, *, undoable: bool) -> None:
        """Send a draft."""
        work, said = self.works[device], self.promised.drafts[device][draft_id]
        sent: DraftsSent = work.do(SendDrafts(account=work.account, draft_ids=(draft_id,), undoable=undoable))
        assert len(sent.filed) == 1, sent.kept
        assert sent.filed[0].instance_id == draft_id
        del self.promised.drafts[device][draft_id]
        if undoable:
            self.promised.undoable[device][draft_id] = said
        self._committed(device, draft_id, sent.filed[0].revision_id, said)

    def write_too_much(self, device: int) -> None:
        """Send a report whose text no server takes."""
        work, title = self.works[device], f"Report {self.next()}"
        draft_id = self.save(device, new_id(), Said(f"{title}\n{'x' * (MAX_TEXT_BYTES + 1)}", {}, frozenset()))
        del self.promised.drafts[device][draft_id]
        sent: DraftsSent = work.do(SendDrafts(account=work.account, draft_ids=(draft_id,)))
        assert len(sent.filed) == 1, sent.sentence
        self.promised.too_long[device].add(draft_id)

    def shorten(self, device: int, instance_id: str) -> None:
        """Correct a report that was refused."""
        work, number = self.works[device], self.next()
        detail = work.report(instance_id)
        assert detail.refused, "the server took a text that is too long"
        assert "Shorten it" in detail.item.sentence
        assert len(detail.text) == MAX_TEXT_BYTES + 1, "what was refused is here as it was written"
        draft: Draft = work.do(ReopenReport(account=work.account, instance_id=instance_id))
        said = Said(f"Report {number}\nShorter {number}", {}, frozenset())
        self.save(device, draft.draft_id, said)
        del self.promised.drafts[device][draft.draft_id]
        sent: DraftsSent = work.do(SendDrafts(account=work.account, draft_ids=(draft.draft_id,)))
        assert len(sent.filed) == 1, sent.sentence
        self.promised.too_long[device].remove(instance_id)
        self._committed(device, instance_id, sent.filed[0].revision_id, said)

    def undo(self, device: int, instance_id: str) -> None:
        """Take back what is held back; not when more was written about it meanwhile, which would be lost."""
        work, said = self.works[device], self.promised.undoable[device].pop(instance_id)
        command = UndoSend(account=work.account, instance_ids=(instance_id,))
        known = self.promised.reports[instance_id]
        if len(known.versions) > 1 or known.comments:
            assert self.unless_not_here(lambda: work.do(command)) is None
            return
        work.do(command)
        del self.promised.reports[instance_id]
        self.promised.drafts[device][instance_id] = said

    def discard(self, device: int, draft_id: str) -> None:
        """Forget a draft."""
        work = self.works[device]
        work.do(DiscardDraft(account=work.account, draft_id=draft_id))
        del self.promised.drafts[device][draft_id]

    def copy(self, device: int, instance_id: str) -> None:
        """A draft like a report, as far as it is on that device."""
        work, draft_id = self.works[device], str(uuid7())
        command = CopyReport(account=work.account, instance_id=instance_id, draft_id=draft_id)
        made: Draft | None = self.unless_not_here(lambda: work.do(command))
        assert made is not None or device not in self._devices_of(instance_id)
        if made is not None:
            for new in made.media:
                kept = Path(new.spool_path).read_bytes()
                self.promised.hashes[new.media_id] = hashlib.sha256(kept).hexdigest()
            self.promised.drafts[device][draft_id] = said_by(made)

    def edit(self, device: int, instance_id: str, *, photo: bool) -> None:
        """Another version of what that device shows, if it has its text."""
        work, number = self.works[device], self.next()
        draft: Draft | None = self.unless_not_here(
            lambda: work.do(DraftReport(account=work.account, instance_id=instance_id))
        )
        if draft is None:
            assert self._devices_of(instance_id) != {device}, "what was written here can be changed here"
            return
        was = said_by(draft)
        answers = was.answers
        full = len(answers.get("photos", ())) >= MOST_PHOTOS
        new = [self.attach(device)] if photo and not full else []
        if was.checklist:
            answers = {**answers, "done": f"Done {number}"}
            answers |= {"photos": [*answers.get("photos", ()), *new]} if new else {}
        text = was.text if was.checklist else f"Report {number}\nChanged {number}"
        said = Said(text, answers, was.files | frozenset(new), was.checklist)
        self.save(device, draft.draft_id, said)
        del self.promised.drafts[device][draft.draft_id]
        sent: DraftsSent = work.do(SendDrafts(account=work.account, draft_ids=(draft.draft_id,)))
        assert len(sent.filed) == 1, sent.kept
        self._committed(device, instance_id, sent.filed[0].revision_id, said)

    def keep(self, device: int, instance_id: str, number: int) -> None:
        """Let one of the versions that stand side by side on that device stand."""
        work = self.works[device]
        found = self.unless_not_here(lambda: work.report(instance_id))
        if found is None or not found.versions:
            return
        chosen = found.versions[number % len(found.versions)].revision_id
        command = KeepVersion(account=work.account, instance_id=instance_id, revision_id=chosen)
        filed = self.unless_not_here(lambda: work.do(command))
        if filed is not None:
            said = self.promised.reports[instance_id].versions[chosen].said
            self._committed(device, instance_id, filed.revision_id, said)

    def read(self, device: int, instance_id: str) -> None:
        """Open a report whose text may be elsewhere: it is asked for with the next delivery."""
        work = self.works[device]
        work.do(FetchReport(account=work.account, instance_id=instance_id))

    def comment(self, device: int, instance_id: str) -> None:
        """Say something about a report, if it is on that device."""
        work, text = self.works[device], f"Comment {self.next()}"
        command = AddComment(account=work.account, instance_id=instance_id, text=text)
        made = self.unless_not_here(lambda: work.do(command))
        assert made is not None or device not in self._devices_of(instance_id)
        if made is not None:
            self.promised.reports[instance_id].comments[made.comment_id] = text

    def unless_not_here(self, act: Callable[[], T]) -> T | None:
        """What it answers; None where the device does not have what it is about."""
        try:
            return act()
        except AgentError as error:
            if error.kind not in _NOT_HERE:
                raise
            return None

    def _devices_of(self, instance_id: str) -> set[int]:
        return {one.device for one in self.promised.reports[instance_id].versions.values()}

    def _committed(self, device: int, instance_id: str, revision_id: str, said: Said) -> None:
        """It is on this device's disk, as it was written."""
        kept = self.store(device).read(lambda c: stored_versions.find(c, revision_id))
        assert kept is not None
        assert written(kept) == (said.title, said.rest, said.answers, said.files)
        version = Version(said, device, frozenset(kept.parents))
        self.promised.reports.setdefault(instance_id, Report()).versions[revision_id] = version

    # -- what a manager does -------------------------------------------------------------------------------------

    def decide(self, instance_id: str, decision: str) -> None:
        """Decide about what stands at the server, if there is one such version."""
        with self.server.database.write(self.house.organization_id) as t:
            standing, last = heads(t, instance_id), latest_review(t, instance_id)
            if len(standing) != 1:
                return
            verdict = Verdict(
                instance_id=instance_id,
                revision_id=standing[0],
                seen=last.review_id if last is not None else "",
                decision=decision,
                words=f"Because of {self.next()}",
            )
            decide(t, self.house.manager, verdict)
        self.promised.reports[instance_id].decided.append((standing[0], decision))

    # -- what the network does -----------------------------------------------------------------------------------

    def deliver(self, device: int, fates: Iterable[Fate] = ()) -> Synced:
        """Rounds of one device until as much as these befell its requests, or nothing is left to say."""
        work = self.works[device]
        self.promised.undoable[device].clear()  # trying again at once lets go of all that was held back
        self.line.open(fates)
        while True:
            left = self.line.fates_left
            work.do(Retry(account=work.account))
            work.do(PauseSending(paused=False))
            synced = work.sync(SECONDS)
            if self.line.fates_left in (0, left):
                break
        self.line.shut()
        work.do(PauseSending(paused=True))
        return synced

    def send_again(self, heard: Heard) -> None:
        """An old request arrives, again or for the first time: what the server has is a duplicate, and nothing is
        refused but a comment that overtook its report, and a text that is too long."""
        known, filed = self._at_the_server()
        answer = self.line.send(heard)
        assert answer.status < 500
        assert answer.status != 401
        if heard.path != "/v1/sync":
            return
        assert answer.status == 200
        sent = msgspec.json.decode(heard.body, type=SyncRequest).operations
        results = msgspec.json.decode(answer.body, type=SyncResponse).results
        for one, result in zip(sent, results, strict=True):
            early = one.kind == REPORT_COMMENT and msgspec.json.decode(one.body)["instance_id"] not in filed
            never = len(bytes(one.body)) > MAX_TEXT_BYTES
            new = {"rejected"} if never or early else {"accepted", "conflict"}
            expected = {"duplicate"} if one.id in known else new
            assert result.outcome in expected, (result, one)
            if result.outcome != "rejected" and not early:
                filed.add(one.entity)

    def _at_the_server(self) -> tuple[set[str], set[str]]:
        with self.server.database.read(self.house.organization_id) as t:
            known = {row.operation_id for row in t.all(t.select(operation, operation.c.operation_id))}
            return known, {row.instance_id for row in t.all(t.select(report, report.c.instance_id))}

    def send_held(self, seed: int) -> None:
        """What was held back arrives, in another order."""
        held = list(self.line.held)
        self.line.held.clear()
        random.Random(seed).shuffle(held)
        for heard in held:
            self.send_again(heard)
            self.line.arrived.append(heard)

    def forget_cursor(self, device: int) -> None:
        """As after the feed was pruned: the device will ask for everything."""
        self.store(device).write(
            lambda c: c.execute("DELETE FROM fact WHERE name = ?", (feed.CURSOR,)).rowcount
        ).result(SECONDS)

    def restart(self, device: int) -> None:
        """Quit and start again; nothing can be undone any more."""
        work = self.works[device]
        work.agent.close()
        self.works[device] = again = AtWork(work.profile.path)
        again.account = work.account
        again.do(PauseSending(paused=True))
        self.promised.undoable[device].clear()


def said_by(draft: Draft) -> Said:
    """What a draft says."""
    files = frozenset(one.media_id for one in draft.media)
    return Said(draft.text, draft.answers, files, draft.template.title if draft.template else "")


def written(kept: ReportRevision) -> tuple[str, str, dict[str, object], frozenset[str]]:
    """Title, text, answers and files of a version."""
    return kept.title, kept.text, answers_of(kept.answers), frozenset(one.media_id for one in kept.media)
