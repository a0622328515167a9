"""Fetching the versions of the person's reports that another device wrote."""

import sqlite3
from collections.abc import Callable

from agent.store import operations, versions
from agent.store.writer import Store
from agent.sync.asking import Asker
from agent.transport import Cancellation, EgressRow

DEADLINE_SECONDS = 60.0
MOST_IN_A_ROUND = 100
MOST_UNASKED = 50

Settle = Callable[[sqlite3.Connection, str], None]


class Fetching:
    """For one account. What is wanted comes first; then, while nothing waits to be sent, the newest of the rest: what a
    person filed anywhere is read and found here, also with no line."""

    def __init__(self, asker: Asker, store: Store, settle: Settle) -> None:
        self._asker, self._store, self._settle = asker, store, settle
        self._not_there: set[str] = set()

    def run(self, cancellation: Cancellation) -> None:
        """Up to MOST_IN_A_ROUND that are wanted and MOST_UNASKED of the rest.

        What the server does not have is not asked for again, and at the first other answer the rest waits for the next
        round. Raises LinkTrouble, RoundCancelledError, AgentError cannot_store.
        """
        for instance_id, revision_id in self._store.read(_wanted):
            if not self._fetch(instance_id, revision_id, cancellation):
                return
        limit = MOST_UNASKED + len(self._not_there)
        for instance_id, revision_id in self._store.read(lambda connection: versions.unread(connection, limit)):
            if self._store.read(operations.next_due) is not None:
                return  # what was made here meanwhile goes first
            if revision_id not in self._not_there and not self._fetch(instance_id, revision_id, cancellation):
                return

    def _fetch(self, instance_id: str, revision_id: str, cancellation: Cancellation) -> bool:
        """Whether the server answered for it."""
        reply = self._asker.ask(
            EgressRow.SYNC,
            "GET",
            f"{self._asker.account.server_url}/v1/reports/{instance_id}/revisions/{revision_id}",
            headers={"Accept": "application/json"},
            deadline=DEADLINE_SECONDS,
            cancellation=cancellation,
        )
        if reply.status == 404:
            self._not_there.add(revision_id)
            self._store.write(lambda connection: versions.give_up(connection, revision_id)).result()
            return True
        if reply.status != 200:
            return False

        def take_in(connection: sqlite3.Connection) -> None:
            if versions.learn(connection, instance_id, revision_id, reply.body):
                self._settle(connection, instance_id)
            else:
                self._not_there.add(revision_id)

        self._store.write(take_in).result()
        return True


def _wanted(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """What was asked for, and what the next report of each checklist begins with."""
    every = [*versions.wanted(connection, MOST_IN_A_ROUND), *versions.last_of_checklists(connection)]
    return list(dict.fromkeys(every))[:MOST_IN_A_ROUND]
