"""Installations: random ids under a secret, known to belong to an organization and to nobody in it."""

import hashlib
import hmac

import msgspec
from sqlalchemy import select

from protocol.discovery import InstallationRequest
from server.bounds import check_id, is_id, refused, valid_sha256
from server.problems import ProblemError, problem
from server.storage.database import Database, Transaction
from server.storage.tables import installation


class Installation(msgspec.Struct, frozen=True):
    """Who sends a batch."""

    installation_id: str
    organization_id: str


def register(t: Transaction, wanted: InstallationRequest) -> bool:
    """Keep an installation; whether it is new. Raises a 409 problem for an id that stands under another secret.

    Who asked is deliberately no argument, and of the time only the day is kept.
    """
    check_id(wanted.installation_id, "$.installation_id")
    if not valid_sha256(wanted.secret_sha256):
        detail = "The secret's fingerprint is not SHA-256 in lower-case hex. Update the app and try again."
        raise refused("bad-sha256", "Unreadable fingerprint", detail, "$.secret_sha256")
    if t.insert_new(
        installation,
        installation_id=wanted.installation_id,
        secret_sha256=wanted.secret_sha256,
        registered_on=t.now.date().isoformat(),
    ):
        return True
    own = installation.c.installation_id == wanted.installation_id
    known = t.scalar(t.select(installation, installation.c.secret_sha256).where(own))
    if known != wanted.secret_sha256:
        detail = "This installation is known under another secret. Reset it in the app's privacy page and try again."
        raise problem("installation-taken", 409, "Installation already known", detail, field="$.installation_id")
    return False


def installation_of(database: Database, credential: str) -> Installation:
    """Whose batch it is, by `INSTALLATION_ID.SECRET`. Raises a 401 problem."""
    installation_id, _, secret = credential.partition(".")
    if not is_id(installation_id):
        raise unknown()
    with database.pre_tenant() as connection:
        found = connection.execute(
            select(installation.c.organization_id, installation.c.secret_sha256).where(
                installation.c.installation_id == installation_id
            )
        ).first()
    presented = hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
    if found is None or not hmac.compare_digest(found.secret_sha256, presented):
        raise unknown()
    return Installation(installation_id, found.organization_id)


def unknown() -> ProblemError:
    """The 401 that makes an app register its installation anew."""
    return problem(
        "installation-unknown",
        401,
        "Unauthorized",
        "This installation is not known here. Turn log data off and on again in the app's privacy page.",
        headers={"WWW-Authenticate": "Bearer"},
    )
