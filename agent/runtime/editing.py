"""Another version of a report, composed as a draft of that report: begun from what stands, kept, and sent."""

import sqlite3

import msgspec
import uuid6

from agent.api import AgentError, Draft, DraftReport, EditReport
from agent.runtime import checklists, versions
from agent.runtime.looking import open_draft
from agent.runtime.workplace import Workplace
from agent.store import drafts, reports
from agent.store import versions as version_rows
from rules.clock import format_utc
from rules.report_text import join_title
from rules.templates.filling import answers_of


def begin(workplace: Workplace, command: DraftReport) -> Draft:
    """The draft of the report's next version: the one that was begun, or one like what stands.

    Raises AgentError not_found, refused, cannot_store.
    """
    now = format_utc(workplace.clock.now())

    def keep(connection: sqlite3.Connection) -> str:
        begun = drafts.of_report(connection, command.instance_id)
        if begun is not None and not command.both:
            return begun
        if reports.refused_field(connection, command.instance_id) is not None:
            raise AgentError(
                "refused", "The organization never took this report. Choose Correct it, so that it is sent as a whole."
            )
        base = versions.base_of(connection, command.instance_id)
        draft = _draft(connection, base, both=command.both)
        draft = msgspec.structs.replace(draft, draft_id=begun or draft.draft_id, saved_at=now)
        drafts.hold_no_longer(connection, command.instance_id)
        drafts.save(connection, draft)
        return draft.draft_id

    draft_id = workplace.store.write(keep).result()
    workplace.changed("drafts", "activity")
    return open_draft(workplace, draft_id)


def command_of(account: str, draft: drafts.StoredDraft) -> EditReport:
    """What sends a draft of a report's next version."""
    return EditReport(
        account=account,
        instance_id=draft.edits or "",
        text=draft.text,
        location_id=draft.location_id,
        template_id=draft.template_id,
        template_version=draft.template_version,
        answers=draft.answers if draft.template_id is not None else None,
        media=draft.media,
        draft_id=draft.draft_id,
    )


def _draft(connection: sqlite3.Connection, base: versions.Base, *, both: bool) -> drafts.StoredDraft:
    shown = base.revision
    template = checklists.template_of(connection, shown)
    text = checklists.in_one_box(shown.title, shown.text, template)
    if both:
        for parent in base.parents[1:]:
            other = version_rows.find(connection, parent)
            if other is not None and (other.title, other.text) != (shown.title, shown.text):
                text = f"{text}\n\n{join_title(other.title, other.text)}"
    return drafts.StoredDraft(
        draft_id=str(uuid6.uuid7()),
        edits=shown.instance_id,
        text=text,
        location_id=shown.location_id,
        place_chosen=True,
        saved_at="",
        media=tuple(one.media_id for one in versions.files(connection, base)),
        template_id=template.template_id if template is not None else None,
        template_version=template.version if template is not None else None,
        answers=answers_of(shown.answers) if template is not None else {},
    )
