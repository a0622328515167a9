"""Location codes: turned on, renewed and turned off by admins, shown by screens, and held against what was typed.

A seed is derived from the server's key whenever it is needed. It stands in no row, no reply and no log; a reader of the
database alone can make no code.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row
from uuid6 import uuid7

from protocol.changes import CodeVerdict
from rules.clock import format_utc
from rules.location_code import DIGITS, SEED_BYTES, STEP, code_at, matching_step, step_at, step_begins
from server import access
from server.accounts.minting import Mint, new_token
from server.accounts.rights import require_admin
from server.locations.places import change, find
from server.problems import problem
from server.storage.database import Actor, Transaction
from server.storage.tables import location_code

_PURPOSE = "administration"
_AROUND = 1
"""Steps before and after in which a code counts: clocks differ, and typing takes time."""
_OTHER_TIME = 120
"""Steps before and after in which a code counts as one of another time; more would take guesses for such."""


class ShownCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code and from when until when (aware UTC) it is the one to show."""

    code: str
    begins: datetime
    ends: datetime


class Held(msgspec.Struct, frozen=True):
    """What came of holding a typed code against a location: `step` is that of a right one."""

    verdict: CodeVerdict
    step: int | None = None


def turn_on(t: Transaction, actor: Actor, location_id: str, digits: int) -> None:
    """Give the location a code with a new seed; one that it has ends now. Problem: other than 6 or 8 digits."""
    require_admin(t, actor)
    if digits not in DIGITS:
        raise problem(
            "bad-digits", 400, "No such code", "A code has 6 or 8 digits. Choose one of these.", field="digits"
        )
    again = find(t, location_id).code_digits > 0
    _end(t, location_id)
    t.insert(
        location_code,
        code_id=str(uuid7()),
        location_id=location_id,
        salt=new_token(),
        digits=digits,
        begun=t.now_text,
    )
    change(t, location_id, code_digits=digits)
    access.record(t, actor, "renew code" if again else "begin code", "location", location_id, purpose=_PURPOSE)


def turn_off(t: Transaction, actor: Actor, location_id: str) -> None:
    """Take the location's code away; nothing happens when it has none."""
    require_admin(t, actor)
    if find(t, location_id).code_digits == 0:
        return
    _end(t, location_id)
    change(t, location_id, code_digits=0)
    access.record(t, actor, "end code", "location", location_id, purpose=_PURPOSE)


def current_code(t: Transaction, mint: Mint, location_id: str) -> ShownCode | None:
    """The code to show now; None where the location has none."""
    row = t.first(
        t.select(location_code).where(location_code.c.location_id == location_id, location_code.c.ended.is_(None))
    )
    if row is None:
        return None
    step = step_at(t.now)
    return ShownCode(
        code=code_at(_seed(t, mint, row), step, row.digits), begins=step_begins(step), ends=step_begins(step + 1)
    )


def hold_against(t: Transaction, mint: Mint, location_id: str, typed: str, at: datetime) -> Held:
    """Whether a typed code was that of the location at `at` (aware), a step early or late."""
    rows = t.all(t.select(location_code).where(location_code.c.location_id == location_id))
    step = step_at(at)
    for row in rows:
        if _stood(row, at, STEP * (_AROUND + 1)):
            found = matching_step(_seed(t, mint, row), row.digits, typed, step, _AROUND)
            if found is not None:
                return Held("right", found)
    near = [row for row in rows if _stood(row, at, STEP * _OTHER_TIME)]
    if not near:
        return Held("none_here")
    other = any(matching_step(_seed(t, mint, row), row.digits, typed, step, _OTHER_TIME) is not None for row in near)
    return Held("old" if other else "wrong")


def _stood(row: Row[Any], at: datetime, reach: timedelta) -> bool:
    """Whether the location had this seed at some time within `reach` of `at`."""
    return row.begun <= format_utc(at + reach) and (row.ended is None or row.ended >= format_utc(at - reach))


def _seed(t: Transaction, mint: Mint, row: Row[Any]) -> bytes:
    return mint.seed("location-code", f"{t.organization_id}/{row.location_id}/{row.salt}")[:SEED_BYTES]


def _end(t: Transaction, location_id: str) -> None:
    standing = (location_code.c.location_id == location_id, location_code.c.ended.is_(None))
    t.execute(t.update(location_code).where(*standing).values(ended=t.now_text))
