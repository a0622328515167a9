"""Brakes on guessing passwords: tries are counted by e-mail, by network and by both, and forgotten after an hour.

A few tries for one e-mail brake only the network they come from, so that a stranger locks nobody out of work; the bound
for the e-mail alone is there for guesses from very many places.

Subjects are kept blinded, so the table tells no reader whose e-mails or networks they were.
"""

import ipaddress
import math
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from rules.clock import format_utc, parse_utc
from rules.sentence import Sentence
from server.accounts.minting import Mint
from server.problems import ProblemError, problem
from server.storage.database import Database
from server.storage.tables import sign_in_attempt

WINDOW = timedelta(minutes=15)
KEPT_FOR = timedelta(hours=1)
TRIES_PER_EMAIL_AND_NETWORK = 5
TRIES_PER_NETWORK = 30
TRIES_PER_EMAIL = 300
TRIES_PER_NUMBER = 5
TRIES_PER_KIOSK = 40


class _Brake(NamedTuple):
    subject: str
    tries: int
    whose: Sentence
    of_pin: bool = False


_PASSWORD_SENTENCES = (
    Sentence(
        "There were too many tries %(whose)s. Try again in a minute; until then even the right password is not "
        "looked at."
    ),
    Sentence(
        "There were too many tries %(whose)s. Try again in %(minutes)d minutes; until then even the right password is "
        "not looked at."
    ),
)
_PIN_SENTENCES = (
    Sentence("There were too many wrong tries %(whose)s. Wait a minute, or check in with the app."),
    Sentence("There were too many wrong tries %(whose)s. Wait %(minutes)d minutes, or check in with the app."),
)


def network_of(address: str) -> str:
    """The /24 or /48 an address is in; empty when it is none (a test client, a local socket)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    plain = mapped or parsed
    return str(ipaddress.ip_network((plain, 24 if plain.version == 4 else 48), strict=False))


def begin_try(database: Database, mint: Mint, email: str, address: str) -> None:
    """Count a try before the password is looked at, so that tries made at the same time all count. Raises the 429
    problem, with when to try again, when there were too many."""
    _begin(database, _brakes(mint, email, address))


def begin_pin_try(database: Database, mint: Mint, number: str, screen_id: str) -> tuple[int, str]:
    """The same before a PIN is looked at: by number, wherever it is entered, and by kiosk. What `forget_pin_try` wants.

    Here a stranger can lock a number out for a while: a PIN is short, and kiosks are not the only way to check in.
    """
    of_number = mint.blind(f"kiosk-number/{number}")
    brakes = [
        _Brake(mint.blind(f"kiosk/{screen_id}"), TRIES_PER_KIOSK, Sentence("at this kiosk"), of_pin=True),
        _Brake(of_number, TRIES_PER_NUMBER, Sentence("with this number"), of_pin=True),
    ]
    return _begin(database, brakes)[0], of_number


def forget_pin_try(database: Database, tries: tuple[int, str]) -> None:
    """After the right PIN: the tries with its number no longer count, nor does this one at its kiosk. Others there do,
    so that nobody buys themselves more guesses with a PIN of their own."""
    here, of_number = tries
    with database.server_wide() as connection:
        connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.attempt_id == here))
        connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.subject == of_number))


def _begin(database: Database, brakes: list[_Brake]) -> list[int]:
    """Count a try against each of these; the ids of the rows that do."""
    now = database.now()
    with database.server_wide() as connection:
        connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.at <= format_utc(now - KEPT_FOR)))
        for brake in brakes:
            wait = _wait(connection, brake, now)
            if wait is not None:
                raise _too_many(brake, wait)
        rows = [{"subject": brake.subject, "at": format_utc(now)} for brake in brakes]
        made = insert(sign_in_attempt).returning(sign_in_attempt.c.attempt_id)
        return [connection.execute(made.values(row)).scalar_one() for row in rows]


def forget_tries(database: Database, mint: Mint, email: str, address: str) -> None:
    """After the right password: this e-mail's tries from here no longer count. All others do."""
    with database.server_wide() as connection:
        subject = _pair(mint, email, network_of(address)).subject
        connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.subject == subject))


def _pair(mint: Mint, email: str, network: str) -> _Brake:
    subject = mint.blind(f"email-and-network/{network}/{email}")
    return _Brake(subject, TRIES_PER_EMAIL_AND_NETWORK, Sentence("for this e-mail from your network"))


def _brakes(mint: Mint, email: str, address: str) -> list[_Brake]:
    network = network_of(address)
    brakes = [
        _pair(mint, email, network),
        _Brake(mint.blind(f"email/{email}"), TRIES_PER_EMAIL, Sentence("for this e-mail")),
    ]
    if network:
        brakes.append(_Brake(mint.blind(f"network/{network}"), TRIES_PER_NETWORK, Sentence("from this network")))
    return brakes


def _wait(connection: Connection, brake: _Brake, now: datetime) -> timedelta | None:
    """How long until one more try is allowed, if it is not now."""
    times = connection.execute(
        select(sign_in_attempt.c.at)
        .where(sign_in_attempt.c.subject == brake.subject, sign_in_attempt.c.at > format_utc(now - WINDOW))
        .order_by(sign_in_attempt.c.at.desc())
        .limit(brake.tries)
    ).scalars()
    recent = list(times)
    if len(recent) < brake.tries:
        return None
    return parse_utc(recent[-1]) + WINDOW - now


def _too_many(brake: _Brake, wait: timedelta) -> ProblemError:
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    soon, later = _PIN_SENTENCES if brake.of_pin else _PASSWORD_SENTENCES
    filled = {"whose": brake.whose} if minutes == 1 else {"whose": brake.whose, "minutes": minutes}
    detail = (soon if minutes == 1 else later).filled(**filled)
    return problem(
        "too-many-tries",
        429,
        "Too many tries",
        detail,
        headers={"Retry-After": str(max(1, math.ceil(wait.total_seconds())))},
    )
