"""Checklists as they are read: the list of them, and one version. Everyone of the organization may read them."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import and_, func, select

from protocol.changes import TemplateView
from protocol.templates import Template
from server.bounds import is_id
from server.storage.database import Transaction
from server.storage.tables import member, template, template_version

MAX_VERSION = 2**31 - 1
"""The largest number that both databases keep in the column."""


class TemplateRow(msgspec.Struct, frozen=True, kw_only=True):
    """One checklist of a list, in its newest version. `published_by` is a member's name, empty for the operator."""

    template_id: str
    title: str
    version: int
    active: bool
    published: str
    published_by: str


def list_all(t: Transaction, *, active_only: bool = False) -> list[TemplateRow]:
    """Every checklist, by name."""
    rows = (
        t.select(template, *template.c, template_version.c.published, member.c.name)
        .join(template_version, _newest(template_version))
        .outerjoin(member, and_(member.c.member_id == template_version.c.published_by, t.owns(member)))
        .where(t.owns(template_version))
        .order_by(func.lower(template.c.title), template.c.template_id)
    )
    if active_only:
        rows = rows.where(template.c.active)
    return [
        TemplateRow(
            template_id=row.template_id,
            title=row.title,
            version=row.version,
            active=row.active,
            published=row.published,
            published_by=row.name or "",
        )
        for row in t.all(rows)
    ]


def version_bytes(t: Transaction, template_id: str, version: int | None = None) -> bytes | None:
    """The exact bytes of a published version, of the newest when none is named; None when there is no such one."""
    if not is_id(template_id) or (version is not None and not 0 < version <= MAX_VERSION):
        return None
    bodies = t.select(template_version, template_version.c.body).where(template_version.c.template_id == template_id)
    if version is not None:
        bodies = bodies.where(template_version.c.version == version)
    body = t.scalar(bodies.order_by(template_version.c.version.desc()).limit(1))
    return None if body is None else bytes(body)


def version_of(t: Transaction, template_id: str, version: int | None = None) -> Template | None:
    """The same, read; a version that is named is read once in a transaction, for it never changes."""
    if version is not None:
        return t.once((Template, template_id, version), lambda: _read(version_bytes(t, template_id, version)))
    return _read(version_bytes(t, template_id))


def versions_of(t: Transaction, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Template]:
    """Several published versions by (template id, version); those that are not there are left out."""
    found = {pair: version_of(t, *pair) for pair in dict.fromkeys(wanted)}
    return {pair: one for pair, one in found.items() if one is not None}


def views_after(t: Transaction, after: str, limit: int) -> list[TemplateView]:
    """What a device is told of each checklist, by id, from the one after `after`."""
    rows = t.all(
        t.select(template, template.c.active, template_version.c.body)
        .join(template_version, _newest(template_version))
        .where(t.owns(template_version), template.c.template_id > after)
        .order_by(template.c.template_id)
        .limit(limit)
    )
    return [TemplateView(template=msgspec.json.decode(row.body, type=Template), active=row.active) for row in rows]


def titles_of(t: Transaction) -> dict[str, str]:
    """The name of every checklist, by id, as it is called now."""
    rows = t.all(select(template.c.template_id, template.c.title).where(t.owns(template)))
    return {row.template_id: row.title for row in rows}


def _read(body: bytes | None) -> Template | None:
    return None if body is None else msgspec.json.decode(body, type=Template)


def _newest(versions: Any) -> Any:
    return and_(versions.c.template_id == template.c.template_id, versions.c.version == template.c.version)
