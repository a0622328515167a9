"""One request of somebody who is signed in: who it is, their organization's data, and the page they get back."""

from contextlib import AbstractContextManager
from typing import Any

import msgspec
from litestar import Response
from litestar.di import NamedDependency

from server.accounts import throttle, web_sessions
from server.accounts.minting import Mint
from server.accounts.rights import not_found
from server.accounts.sign_in import confirm_password
from server.media.taking import Stores
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database, Transaction
from server.storage.objects import Objects
from server.web import rendering
from server.web.session import Session, WebRequest
from server.web.words import Words


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """The dependency `visit`; a handler that asks for it is for people who are signed in."""

    request: WebRequest
    database: Database
    mint: Mint
    session: Session

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.session.actor

    @property
    def words(self) -> Words:
        """The language of the answer."""
        return rendering.words_of(self.request)

    def read(self) -> AbstractContextManager[Transaction]:
        """A read-only transaction on the person's organization."""
        return self.database.read(self.actor.organization_id)

    def write(self) -> AbstractContextManager[Transaction]:
        """A transaction on it that commits; opening others' data needs one, for the record of it."""
        return self.database.write(self.actor.organization_id)

    def page(self, template: str, *, refusal: ProblemError | None = None, **view: Any) -> Response[str]:
        """A page for this person; after a refusal with its status, sentence (`bad`) and field (`wrong`)."""
        if refusal is not None:
            view |= {"bad": self.words(refusal.sentence), "wrong": refusal.problem.field or ""}
        return rendering.page(
            self.request,
            template,
            status=200 if refusal is None else refusal.problem.status,
            session=self.session,
            **{"bad": "", "wrong": "", "good": "", **view},
        )

    def require_manager(self) -> None:
        """Raise as for a page that does not exist, unless the person is a manager or admin."""
        if not self.session.sees_others:
            raise not_found("page")

    def require_admin(self) -> None:
        """Raise as for a page that does not exist, unless the person is an admin."""
        if not self.session.is_admin:
            raise not_found("page")

    def require_password(self, password: str) -> None:
        """Raise a problem unless this is the person's own password: for what would let somebody at an unlocked screen
        take over. Tries count against guessing."""
        subject = f"confirm/{self.actor.member_id}"
        address = self.request.client.host if self.request.client else ""
        throttle.begin_try(self.database, self.mint, subject, address)
        with self.write() as t:
            right = confirm_password(t, self.actor, password)
            if right:
                web_sessions.confirm(t, self.session.secret)
        if not right:
            raise problem(
                "wrong-password",
                403,
                "Wrong password",
                "This is not your password, so nothing was changed. Type it again.",
                field="current",
            )
        throttle.forget_tries(self.database, self.mint, subject, address)


def provide_visit(
    request: WebRequest,
    database: NamedDependency[Database],
    mint: NamedDependency[Mint],
    session: NamedDependency[Session],
) -> Visit:
    """The Litestar dependency. Raises SignInNeededError through `session`."""
    return Visit(request=request, database=database, mint=mint, session=session)


def provide_stores(
    database: NamedDependency[Database], objects: NamedDependency[Objects], keys: NamedDependency[SigningKeys]
) -> Stores:
    """The Litestar dependency `stores`: where files go."""
    return Stores(database, objects, keys)
