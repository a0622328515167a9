"""Fetching the versions of the person's reports that another device wrote."""

import sqlite3
from collections.abc import Callable

from agent.store import versions
from agent.store.writer import Store
from agent.sync.asking import Asker
from agent.transport import Cancellation, EgressRow

DEADLINE_SECONDS = 60.0
MOST_IN_A_ROUND = 100

Settle = Callable[[sqlite3.Connection, str], None]


def fetch_versions(asker: Asker, store: Store, settle: Settle, cancellation: Cancellation) -> None:
    """All that are wanted, and what the next report of a checklist begins with, up to MOST_IN_A_ROUND.

    What the server does not have is wanted no more, and at the first other answer the rest waits for the next round.
    Raises LinkTrouble, RoundCancelledError, AgentError cannot_store.
    """
    for instance_id, revision_id in store.read(_to_fetch):
        reply = asker.ask(
            EgressRow.SYNC,
            "GET",
            f"{asker.account.server_url}/v1/reports/{instance_id}/revisions/{revision_id}",
            headers={"Accept": "application/json"},
            deadline=DEADLINE_SECONDS,
            cancellation=cancellation,
        )
        if reply.status == 404:
            store.write(lambda c, one=revision_id: versions.give_up(c, one)).result()  # type: ignore[misc]
        elif reply.status == 200:
            store.write(_take_in(instance_id, revision_id, reply.body, settle)).result()
        else:
            return


def _to_fetch(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    every = [*versions.wanted(connection, MOST_IN_A_ROUND), *versions.last_of_checklists(connection)]
    return list(dict.fromkeys(every))[:MOST_IN_A_ROUND]


def _take_in(instance_id: str, revision_id: str, body: bytes, settle: Settle) -> Callable[[sqlite3.Connection], None]:
    def take_in(connection: sqlite3.Connection) -> None:
        if versions.learn(connection, instance_id, revision_id, body):
            settle(connection, instance_id)

    return take_in
