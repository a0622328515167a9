"""The privacy policy as the operator wrote it: each version by itself, or with what is different from the last."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from protocol.privacy import PolicyText, PolicyTextSummary
from rules import paragraphs
from rules.paragraphs import Paragraph
from server.policy_texts import reading
from server.storage.database import Database
from server.web.rendering import page
from server.web.session import Session, WebRequest


class Policies(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of privacy shows of them: `current` is None before any version holds; `coming` hold later, the next
    first; `earlier` are newest first."""

    current: PolicyText | None
    paragraphs: tuple[Paragraph, ...]
    coming: tuple[PolicyTextSummary, ...]
    earlier: tuple[PolicyTextSummary, ...]


def policies(database: Database) -> Policies:
    """Every version, by what it is at this moment."""
    now = database.now()
    with database.pre_tenant() as connection:
        found = reading.summaries(connection)
        holding = reading.in_force(connection, now)
        current = None if holding is None else reading.read(connection, holding.version)
    newest = 0 if holding is None else holding.version
    return Policies(
        current=current,
        paragraphs=() if current is None else paragraphs.read(current.text),
        coming=tuple(one for one in reversed(found) if one.version > newest),
        earlier=tuple(one for one in found if one.version < newest),
    )


@get("/privacy/policy/{version:int}", sync_to_thread=True)
def policy_page(
    request: WebRequest,
    database: NamedDependency[Database],
    visitor: NamedDependency[Session | None],
    version: FromPath[int],
    changes: FromQuery[str] = "",
) -> Response[Any]:
    """One version; with `changes`, and not of the first, with what was taken out and what came."""
    now = database.now()
    with database.pre_tenant() as connection:
        text = reading.read(connection, version)
        compared = bool(changes) and version > 1
        shown = reading.changes_of(connection, version) if compared else paragraphs.read(text.text)
        holding = reading.in_force(connection, now)
    newest = 0 if holding is None else holding.version
    return page(
        request,
        "policy.html",
        now=now,
        session=visitor,
        text=text.summary,
        paragraphs=shown,
        compared=compared,
        same=all(one.change == "same" for one in shown),
        standing="coming" if version > newest else "earlier" if version < newest else "current",
    )


routes = [policy_page]
