"""Number and PIN, by which a person says at a kiosk who they are. Admins give both; the PIN is kept as argon2id."""

import msgspec
from sqlalchemy.exc import IntegrityError

from rules.location_code import typed_code
from rules.sentence import Sentence
from server import access
from server.accounts import throttle
from server.accounts.members import find
from server.accounts.minting import Mint
from server.accounts.passwords import hashed, matches
from server.accounts.rights import require_admin
from server.problems import ProblemError, problem
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import kiosk_worker, member

LEAST_PIN, MOST_PIN = 4, 12
MOST_NUMBER = 12
_PURPOSE = "administration"
_RUNS = ("01234567890123", "98765432109876")


class AtKiosk(msgspec.Struct, frozen=True):
    """Who entered number and PIN."""

    actor: Actor
    name: str


def number_of(t: Transaction, member_id: str) -> str:
    """The person's number; empty before they have one."""
    return t.scalar(t.select(kiosk_worker, kiosk_worker.c.number).where(kiosk_worker.c.member_id == member_id)) or ""


def give(t: Transaction, actor: Actor, member_id: str, number: str, pin: str) -> None:
    """Give a person a number and a PIN, or others. Problems: not digits, a PIN that is guessed first, number taken."""
    require_admin(t, actor)
    find(t, actor, member_id)
    number, pin = typed_code(number), typed_code(pin)
    _check(number, pin)
    values = {"number": number, "pin_hash": hashed(pin), "changed": t.now_text}
    taken = t.select(kiosk_worker, kiosk_worker.c.member_id).where(
        kiosk_worker.c.number == number, kiosk_worker.c.member_id != member_id
    )
    try:
        with t.savepoint():
            if t.first(taken) is not None:
                raise _taken(number)
            if not t.insert_new(kiosk_worker, member_id=member_id, **values):
                own = kiosk_worker.c.member_id == member_id
                if t.execute(t.update(kiosk_worker).where(own).values(**values)).rowcount == 0:
                    raise _taken(number)  # another admin gave it to somebody at this very moment
    except IntegrityError:  # likewise
        raise _taken(number) from None
    access.record(t, actor, "kiosk", "member", member_id, subject_id=member_id, purpose=_PURPOSE)


def take(t: Transaction, actor: Actor, member_id: str) -> None:
    """Take both away: the person is known at no kiosk."""
    require_admin(t, actor)
    find(t, actor, member_id)
    if t.execute(t.delete(kiosk_worker).where(kiosk_worker.c.member_id == member_id)).rowcount:
        access.record(t, actor, "no kiosk", "member", member_id, subject_id=member_id, purpose=_PURPOSE)


def who(database: Database, mint: Mint, organization_id: str, screen_id: str, typed: tuple[str, str]) -> AtKiosk:
    """Who has this number and PIN (`typed`). Tries count against guessing, by number and by kiosk. Raises ProblemError;
    it says the same of a wrong number and a wrong PIN, and takes as long."""
    number, pin = typed_code(typed[0])[:MOST_NUMBER], typed_code(typed[1])
    tries = throttle.begin_pin_try(database, mint, f"{organization_id}/{number}", screen_id)
    with database.read(organization_id) as t:
        row = t.first(
            t.select(kiosk_worker, kiosk_worker.c.pin_hash, member.c.member_id, member.c.name, member.c.role)
            .join(member, member.c.member_id == kiosk_worker.c.member_id)
            .where(t.owns(member), member.c.active, kiosk_worker.c.number == number)
        )
    if not matches(row.pin_hash if row else None, pin) or row is None:
        raise problem(
            "wrong-pin",
            403,
            "Not known here",
            "No person here has this number and PIN. Enter both again; an admin can give you new ones.",
            field="pin",
        )
    throttle.forget_pin_try(database, tries)
    return AtKiosk(Actor(organization_id, row.member_id, row.role), row.name)


def _check(number: str, pin: str) -> None:
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_NUMBER):
        detail = Sentence("A number has 1 to %(most)d digits and nothing else. Choose another.", most=MOST_NUMBER)
        raise problem("bad-number", 400, "Number not accepted", detail, field="number")
    if not (pin.isascii() and pin.isdecimal() and LEAST_PIN <= len(pin) <= MOST_PIN):
        detail = Sentence("A PIN has %(least)d to %(most)d digits and nothing else. Choose another.")
        detail = detail.filled(least=LEAST_PIN, most=MOST_PIN)
        raise problem("bad-pin", 400, "PIN not accepted", detail, field="pin")
    if len(set(pin)) == 1 or any(pin in run for run in _RUNS) or pin == number:
        detail = Sentence("This PIN is one of the first that anybody tries. Choose one that does not count up or down.")
        raise problem("easy-pin", 400, "PIN not accepted", detail, field="pin")


def _taken(number: str) -> ProblemError:
    detail = Sentence("Somebody here has the number %(number)s already. Choose another.", number=number)
    return problem("number-taken", 409, "Number already in use", detail, field="number")
