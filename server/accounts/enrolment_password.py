"""An enrolment code used in a browser: it sets a password instead of signing a device in."""

from server import access
from server.accounts.enrolment import NOT_USABLE, organization_of, use_up
from server.accounts.members import change_password
from server.accounts.passwords import hash_password
from server.problems import ProblemError, problem
from server.storage.database import Actor, Database


def redeem_for_password(database: Database, code: str, password: str) -> Actor:
    """Use the code up and set its member's password; who that is. Problems: code not usable, length of the password."""
    organization_id = organization_of(database, code)
    if organization_id is None:
        raise _not_usable()
    # Outside of the transaction, for it takes long on purpose.
    kept = hash_password(password)
    with database.write(organization_id) as t:
        actor = use_up(t, code)
        if actor is None:
            raise _not_usable()
        change_password(t, actor.member_id, kept)
        access.record(
            t, actor, "password", "member", actor.member_id, subject_id=actor.member_id, purpose="administration"
        )
        return actor


def _not_usable() -> ProblemError:
    return problem("enrolment-code", 400, "Code not usable", NOT_USABLE.error_description, field="code")
