"""The demo organization: an admin, a manager of one of two groups, a worker in each, three places, two checklists."""

import secrets

from server.accounts import groups, members
from server.accounts.members import NewMember
from server.demo.checklists import CHECKLISTS
from server.locations import places
from server.storage.database import Actor, Transaction
from server.templates.publishing import publish_version

NAME = "Harbour Works (demo)"

_LOCATIONS = (
    ("Gate 2", "Europe/Lisbon", "Doca de Alcântara, Lisbon"),
    ("North quay", "Europe/Lisbon", "Doca de Santo Amaro, Lisbon"),
    ("Warehouse Vienna", "Europe/Vienna", "Freudenauer Hafenstraße, Vienna"),
)


def furnish(t: Transaction, actor: Actor) -> list[str]:
    """Fill a new organization. What to know of it, one fact a line: `admin: EMAIL PASSWORD`, `location: NAME`…"""
    quay, yard = groups.add(t, actor, "Quay"), groups.add(t, actor, "Yard")
    facts = [
        _add(t, actor, "Rosa Almeida", "rosa", "admin"),
        _add(t, actor, "Tomas Berg", "tomas", "manager", manages=quay),
        _add(t, actor, "Ana Ferreira", "ana", "worker", group=quay),
        _add(t, actor, "Jonas Pichler", "jonas", "worker", group=yard),
    ]
    for name, zone, address in _LOCATIONS:
        places.add(t, actor, name=name, zone=zone, address=address)
        facts.append(f"location: {name}")
    for checklist in CHECKLISTS:
        publish_version(t, actor, checklist)
    return facts


def _add(
    t: Transaction, actor: Actor, name: str, mailbox: str, role: str, *, group: str | None = None, manages: str = ""
) -> str:
    email, password = f"{mailbox}@harbour.example.invalid", secrets.token_urlsafe(12)
    new = NewMember(name=name, email=email, role=role, password=password, group_ids=(group,) if group else ())
    member_id = members.add(t, actor, new)
    if role != "worker":
        groups.give(t, actor, member_id, group_id=manages or None)
    return f"{role}: {email} {password}"
