"""Making a server: its data folder, its secrets, its tables and its one organization."""

from pathlib import Path

from sqlalchemy import select
from uuid6 import uuid7

from server import settings
from server.accounts.minting import Mint
from server.accounts.rights import required_text
from server.policy.document import ensure_policy
from server.policy_texts import publishing
from server.receipts.keys import SigningKeys
from server.settings import Settings, Written
from server.storage.database import Actor, Database
from server.storage.tables import organization

DEFAULT_NAME = "My organization"


class FoundingError(Exception):
    """The server cannot be made here; the message says why and what to do."""


def found(data: Path, written: Written, name: str) -> Settings:
    """Make a server in the folder `data`. May be repeated after a failure half way: what was made is kept.

    Raises FoundingError when there is one already, in the folder or in the database.
    """
    if settings.token_key_path(data).exists():
        raise FoundingError(f"{data} holds a Miratag server already. Start it with: miratag-server serve --data {data}")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.token_key_path(data).parent.mkdir(mode=0o700, exist_ok=True)
    if not (data / settings.SETTINGS_FILE).exists():
        settings.write_new_file(data, written)
    chosen = settings.complete(data, address="http://127.0.0.1", given={}, environment={})
    keys = SigningKeys.load_or_create(chosen.signing_keys)
    database = Database(chosen.database_url)
    try:
        database.migrate()
        if organizations(database):
            raise FoundingError(
                "This database serves an organization already. To run a second server on it, copy the first one's data "
                "folder; to start anew, give another --database."
            )
        ensure_policy(database, keys, _add_organization(database, name))
        begin_policy_texts(database, chosen)
    finally:
        database.close()
    # Last, for it is what marks the folder as a server.
    Mint.create(chosen.token_key)
    return chosen


def begin_policy_texts(database: Database, chosen: Settings) -> None:
    """Publish the first text of the privacy policy, made of what the software does, where there is none."""
    from server.policy_texts.first_text import first_text  # with much behind it that most commands do not need

    publishing.begin(database, first_text(chosen))


def organizations(database: Database) -> list[str]:
    """The ids of the organizations this database serves, oldest first."""
    with database.pre_tenant() as connection:
        found_ids = connection.execute(select(organization.c.organization_id).order_by(organization.c.created))
        return [str(organization_id) for organization_id in found_ids.scalars()]


def operator_of(organization_id: str) -> Actor:
    """Whoever runs commands on the server's own machine, acting for one organization."""
    return Actor(organization_id=organization_id, member_id="operator", role="operator", kind="operator")


def _add_organization(database: Database, name: str) -> str:
    organization_id = str(uuid7())
    with database.write(organization_id) as t:
        t.insert(organization, name=required_text(name, "name of the organization"), created=t.now_text)
    return organization_id
