"""An enrolment code used in the browser: it sets the person's password, where the desktop app gets a token for it."""

from server import access
from server.accounts import enrolment
from server.accounts.enrolment_code import normalized
from server.accounts.minting import sha256_of
from server.accounts.passwords import hash_password
from server.problems import ProblemError, problem
from server.storage.database import Actor, Database
from server.storage.tables import enrolment as enrolment_table
from server.storage.tables import member


def redeem_for_password(database: Database, code: str, password: str) -> Actor:
    """Use the code up and set the password of its member, who is returned. Problems: 400 a code that is of no use,
    400 the password's length; then the code stays usable."""
    organization_id = enrolment.organization_of(database, code)
    if organization_id is None:
        raise _not_usable()
    digest = sha256_of(normalized(code) or "")
    with database.write(organization_id) as t:
        # Locked, so that of two uses at the same moment the second one sees the first.
        row = t.first(t.select(enrolment_table).where(enrolment_table.c.code_sha256 == digest).with_for_update())
        if row is None or row.used is not None or row.expires <= t.now_text:
            raise _not_usable()
        person = t.first(t.select(member, member.c.role).where(member.c.member_id == row.member_id, member.c.active))
        if person is None:
            raise _not_usable()
        kept = hash_password(password)
        t.execute(t.update(enrolment_table).where(enrolment_table.c.code_sha256 == digest).values(used=t.now_text))
        t.execute(t.update(member).where(member.c.member_id == row.member_id).values(password_hash=kept))
        actor = Actor(organization_id=organization_id, member_id=row.member_id, role=person.role)
        access.record(t, actor, "password", "member", row.member_id, subject_id=row.member_id, purpose="enrolment")
    return actor


def _not_usable() -> ProblemError:
    return problem(
        "enrolment-code",
        400,
        "Code not accepted",
        "This code is not known, was used already or is older than 72 hours. Check it, or ask for a new one.",
        field="code",
    )
