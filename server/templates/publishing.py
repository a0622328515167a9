"""Publishing a checklist's next version, retiring it and bringing it back. Everyone of the organization is told."""

import msgspec
from sqlalchemy import Row
from uuid6 import uuid7

from protocol.changes import TEMPLATE, TemplateView
from protocol.templates import Template
from rules.sentence import Sentence
from rules.templates.checking import Fault, faults
from server import access
from server.accounts.rights import not_found, require_admin
from server.bounds import is_id
from server.feed import publish
from server.problems import ProblemError, problem
from server.storage.database import Actor, Transaction
from server.storage.members import lock_organization
from server.storage.tables import template, template_version
from server.templates.reading import version_of

_PURPOSE = "administration"


class FaultyTemplateError(ProblemError):
    """A template that cannot be published, with every fault at its field."""

    def __init__(self, found: list[Fault]) -> None:
        first = found[0]
        where = f"{first.field}: " if first.field else ""
        more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
        told = problem(
            "faulty-template", 422, "Not ready to publish", f"{where}{first.sentence}{more}", field=first.field or None
        )
        super().__init__(told.problem, sentence=first.sentence)
        self.faults = found


def publish_version(t: Transaction, actor: Actor, wanted: Template, after: int | None = None) -> Template:
    """Publish `wanted` as the next version of its template, or as the first of a new one where its id is empty or not
    known here; what was published. Its own version number is not looked at.

    `after` is the newest version that its author has seen, 0 for none; None for an author who replaces any. Raises
    ProblemError: not an admin, faults (FaultyTemplateError), another version published meanwhile, name taken.
    """
    require_admin(t, actor)
    lock_organization(t)
    template_id = wanted.template_id or str(uuid7())
    if not is_id(template_id):
        raise problem(
            "bad-id",
            422,
            "Unreadable id",
            "The checklist's template_id is not a UUID. Leave it out for a new one, or give that of one that is there.",
            field="$.template_id",
        )
    row = t.first(t.select(template).where(template.c.template_id == template_id))
    newest = 0 if row is None else row.version
    if after is not None and after != newest:
        raise _overtaken(newest)
    found = faults(wanted)
    if found:
        raise FaultyTemplateError(found)
    _require_free_title(t, wanted.title, besides=template_id)
    published = msgspec.structs.replace(
        wanted, template_id=template_id, version=newest + 1, title=" ".join(wanted.title.split())
    )
    _keep(t, actor, published, row)
    access.record(t, actor, "publish", "template", template_id, purpose=_PURPOSE, detail=f"version {newest + 1}")
    return published


def set_active(t: Transaction, actor: Actor, template_id: str, *, active: bool) -> None:
    """Offer a checklist for new reports, or offer it no longer; reports that were filled with it keep it. Raises
    ProblemError: not an admin, not found, and when brought back, its name is taken."""
    require_admin(t, actor)
    lock_organization(t)
    found = version_of(t, template_id)
    if found is None:
        raise not_found("checklist")
    if active:
        _require_free_title(t, found.title, besides=template_id)
    kept = t.update(template).where(template.c.template_id == template_id, template.c.active != active)
    if t.execute(kept.values(active=active)).rowcount == 0:
        return
    publish(t, TEMPLATE, template_id, TemplateView(template=found, active=active), None)
    access.record(t, actor, "bring back" if active else "retire", "template", template_id, purpose=_PURPOSE)


def _keep(t: Transaction, actor: Actor, published: Template, row: Row[tuple[object, ...]] | None) -> None:
    template_id, version = published.template_id, published.version
    if row is None:
        t.insert(template, template_id=template_id, version=version, title=published.title, active=True)
    else:
        known = t.update(template).where(template.c.template_id == template_id)
        t.execute(known.values(version=version, title=published.title, active=True))
    t.insert(
        template_version,
        template_id=template_id,
        version=version,
        body=msgspec.json.encode(published),
        published=t.now_text,
        published_by=actor.member_id,
    )
    publish(t, TEMPLATE, template_id, TemplateView(template=published), None)


def _require_free_title(t: Transaction, title: str, besides: str) -> None:
    """Two checklists of one name cannot be told apart where a worker chooses."""
    name = " ".join(title.split()).casefold()
    offered = t.select(template).where(template.c.active, template.c.template_id != besides)
    if any(row.title.casefold() == name for row in t.all(offered)):
        raise problem(
            "template-taken",
            409,
            "Checklist exists",
            Sentence(
                "There is a checklist %(title)s already. Give this one another name, or retire that one.",
                title=" ".join(title.split()),
            ),
            field="title",
        )


def _overtaken(newest: int) -> ProblemError:
    return problem(
        "overtaken",
        409,
        "Published meanwhile",
        Sentence(
            "Somebody published version %(number)d of this checklist meanwhile. Look at what it changed, then publish.",
            number=newest,
        ),
    )
