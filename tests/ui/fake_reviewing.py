"""What the fake agent does about a report that was sent: other versions of it, and comments."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec

from agent import api
from rules.report_text import join_title, split_title
from tests.ui.fake_connections import rfc3339


class Reviewing:
    """A part of FakeAgent, which has what is named here."""

    details: dict[str, api.ReportDetail]
    drafts: dict[str, api.Draft]
    owners: dict[str, str]
    untold: tuple[api.NewsItem, ...] = ()
    told: dict[api.NewsKind, bool] = dict.fromkeys(get_args(api.NewsKind), True)
    settings = api.SettingsView(
        told={},
        photo_max_edge=2048,
        max_media_bytes=2 * 1024**3,
        edit_hours=168,
        keep_days=90,
    )
    change: Any
    _numbers: Iterator[int]
    tell: Any
    put: Any
    _recount: Any

    def _do_DraftReport(self, command: api.DraftReport, _: object) -> api.Draft:
        detail = self.details[command.instance_id]
        draft_id = detail.draft_id or f"change-{next(self._numbers)}"
        if draft_id not in self.drafts:
            text = join_title(detail.item.title, detail.text)
            self.drafts[draft_id] = api.Draft(
                draft_id=draft_id,
                text=text,
                saved_at=rfc3339(datetime.now(UTC)),
                edits=command.instance_id,
                edits_title=detail.item.title,
            )
            self.owners[draft_id] = command.account
        self.details[command.instance_id] = msgspec.structs.replace(detail, draft_id=draft_id)
        self.tell("drafts", "activity")
        return self.drafts[draft_id]

    def _do_SaveComment(self, command: api.SaveComment, _: object) -> None:
        detail = self.details[command.instance_id]
        self.details[command.instance_id] = msgspec.structs.replace(detail, comment_draft=command.text)

    def _do_KeepVersion(self, command: api.KeepVersion, _: object) -> api.Filed:
        detail = self.details[command.instance_id]
        kept = next(one for one in detail.versions if one.revision_id == command.revision_id)
        self.details[command.instance_id] = msgspec.structs.replace(detail, versions=())
        edit = api.EditReport(account=command.account, instance_id=command.instance_id, text=kept.title)
        return self._do_EditReport(edit, _)

    def _do_FetchReport(self, _command: api.FetchReport, _: object) -> None:
        pass

    def _do_EditReport(self, command: api.EditReport, _: object) -> api.Filed:
        detail = self.details[command.instance_id]
        title, text = split_title(command.text)
        item = msgspec.structs.replace(detail.item, title=title, state="saved", review=None, conflict=False)
        self.details[command.instance_id] = msgspec.structs.replace(
            detail, item=item, text=text, can_correct=False, draft_id=None
        )
        self.put(command.account, item)
        self._recount(command.account)
        return api.Filed(instance_id=command.instance_id, revision_id=f"revision-{next(self._numbers)}")

    def _do_AddComment(self, command: api.AddComment, _: object) -> api.Commented:
        detail = self.details[command.instance_id]
        comment = api.CommentItem(
            comment_id=f"comment-{next(self._numbers)}",
            by="Ana Silva",
            own=True,
            text=command.text.strip(),
            at=rfc3339(datetime.now(UTC)),
            state="saved",
        )
        self.details[command.instance_id] = msgspec.structs.replace(detail, comments=(*detail.comments, comment))
        self._recount(command.account)
        return api.Commented(comment_id=comment.comment_id)

    def _do_ListNews(self, _query: api.ListNews, _: object) -> api.News:
        return api.News(items=self.untold)

    def _do_TellNews(self, _command: api.TellNews, _: object) -> None:
        self.untold = ()
        self.change(news=False)

    def _do_SetTold(self, command: api.SetTold, _: object) -> None:
        self.told = {**self.told, command.kind: command.told}
        self.tell("settings", "snapshot")

    def _do_ShowSettings(self, _query: api.ShowSettings, _: object) -> api.SettingsView:
        return msgspec.structs.replace(self.settings, told=self.told)

    def others_did(self, *items: api.NewsItem) -> None:
        """What the feed brought."""
        self.untold = (*self.untold, *items)
        self.change(news=True)
