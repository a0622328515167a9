"""Drafts of checklists: one for each, of all admins together, that nobody is told of until it is published.

Each change counts a draft's number up; who saves names the number that they have seen, so that of two who change the
same draft the second is told and nothing is lost.
"""

import msgspec
from sqlalchemy import and_
from uuid6 import uuid7

from protocol.templates import Template
from rules.sentence import Sentence
from rules.templates.checking import size_faults
from server.accounts.rights import not_found, require_admin
from server.bounds import is_id
from server.problems import ProblemError, problem
from server.storage.database import Actor, Transaction
from server.storage.tables import member, template_draft
from server.templates.publishing import FaultyTemplateError, publish_version
from server.templates.reading import version_of


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is being edited. `number` is 0 while it is the published version, unchanged; `base` is the version that it
    was begun from, 0 for none. `by` is who changed it last, a name, and `changed` when."""

    template: Template
    number: int = 0
    base: int = 0
    changed: str = ""
    by: str = ""
    undoable: bool = False


class DraftRow(msgspec.Struct, frozen=True, kw_only=True):
    """One draft of a list."""

    template_id: str
    title: str
    changed: str
    by: str


def draft_of(t: Transaction, actor: Actor, template_id: str) -> Draft:
    """The draft of a checklist, or its newest version to begin one from. Raises ProblemError: no admin, not there."""
    require_admin(t, actor)
    if is_id(template_id):
        row = t.first(
            t.select(template_draft, *template_draft.c, member.c.name)
            .outerjoin(member, and_(member.c.member_id == template_draft.c.changed_by, t.owns(member)))
            .where(template_draft.c.template_id == template_id)
        )
        if row is not None:
            return Draft(
                template=msgspec.json.decode(row.body, type=Template),
                number=row.number,
                base=row.base,
                changed=row.changed,
                by=row.name or "",
                undoable=row.previous is not None,
            )
    published = version_of(t, template_id)
    if published is None:
        raise not_found("checklist")
    return Draft(template=published, base=published.version)


def begin(t: Transaction, actor: Actor, wanted: Template) -> str:
    """A draft of a new checklist, from nothing, a copy or a file; its id. Raises ProblemError: no admin, too large."""
    require_admin(t, actor)
    template_id = str(uuid7())
    own = msgspec.structs.replace(wanted, template_id=template_id, version=0)
    _refuse_size(own)
    t.insert(
        template_draft,
        template_id=template_id,
        number=1,
        base=0,
        body=msgspec.json.encode(own),
        changed=t.now_text,
        changed_by=actor.member_id,
    )
    return template_id


def save(t: Transaction, actor: Actor, seen: Draft, changed: Template) -> None:
    """Keep a change of the draft as it was `seen`. Raises ProblemError: not an admin, changed by somebody else
    meanwhile (`overtaken`), too large."""
    require_admin(t, actor)
    _refuse_size(changed)
    template_id, before = seen.template.template_id, msgspec.json.encode(seen.template)
    values = {
        "number": seen.number + 1,
        "body": msgspec.json.encode(changed),
        "previous": before,
        "changed": t.now_text,
        "changed_by": actor.member_id,
    }
    if seen.number == 0:
        kept = t.insert_new(template_draft, template_id=template_id, base=seen.base, **values)
    else:
        same = template_draft.c.number == seen.number
        update = t.update(template_draft).where(template_draft.c.template_id == template_id, same)
        kept = t.execute(update.values(**values)).rowcount == 1
    if not kept:
        raise overtaken(draft_of(t, actor, template_id))


def undo(t: Transaction, actor: Actor, seen: Draft) -> None:
    """Take the last change back; a second time brings it again. Raises ProblemError as `save`, or nothing to undo."""
    previous = t.scalar(
        t.select(template_draft, template_draft.c.previous).where(
            template_draft.c.template_id == seen.template.template_id
        )
    )
    if previous is None:
        raise problem("nothing-to-undo", 409, "Nothing to undo", "There is no change to take back.")
    save(t, actor, seen, msgspec.json.decode(previous, type=Template))


def discard(t: Transaction, actor: Actor, seen: Draft) -> None:
    """Give the draft up; the published version, if there is one, stands. Raises ProblemError as `save`."""
    require_admin(t, actor)
    template_id = seen.template.template_id
    gone = t.delete(template_draft).where(
        template_draft.c.template_id == template_id, template_draft.c.number == seen.number
    )
    if seen.number and t.execute(gone).rowcount == 0:
        raise overtaken(draft_of(t, actor, template_id))


def publish_draft(t: Transaction, actor: Actor, seen: Draft, after: int) -> Template:
    """Publish it as the version after `after`, the newest that was shown, and give the draft up. Raises ProblemError as
    `publish_version` and `save`."""
    if seen.number == 0:
        raise problem("nothing-changed", 409, "Nothing to publish", "Nothing was changed since the last version.")
    published = publish_version(t, actor, seen.template, after)
    discard(t, actor, seen)
    return published


def list_drafts(t: Transaction) -> list[DraftRow]:
    """Every draft, the one that was changed last first."""
    rows = t.all(
        t.select(template_draft, *template_draft.c, member.c.name)
        .outerjoin(member, and_(member.c.member_id == template_draft.c.changed_by, t.owns(member)))
        .order_by(template_draft.c.changed.desc(), template_draft.c.template_id)
    )
    return [
        DraftRow(
            template_id=row.template_id,
            title=msgspec.json.decode(row.body, type=_Titled).title,
            changed=row.changed,
            by=row.name or "",
        )
        for row in rows
    ]


class _Titled(msgspec.Struct):
    title: str


def overtaken(now: Draft) -> ProblemError:
    """The refusal of a change to a draft that is no longer what its author saw."""
    detail = Sentence(
        "%(name)s changed this checklist meanwhile, so your change was not saved. What stands now is shown, and what "
        "you typed is kept; look at both, then save again.",
        name=now.by or Sentence("Somebody"),
    )
    return problem("overtaken", 409, "Changed meanwhile", detail)


def _refuse_size(template: Template) -> None:
    found = size_faults(template)
    if found:
        raise FaultyTemplateError(found)
