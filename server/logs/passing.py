"""Which records are passed on instead of kept, and which no longer are."""

from collections.abc import Sequence

from server.logs.installations import Installation
from server.logs.judging import Wanted
from server.problems import problem
from server.relaying import queue
from server.relaying.setting_up import Routes
from server.storage.database import Transaction

_AGAIN_SECONDS = 300


def let_wait(t: Transaction, sender: Installation, records: Sequence[Wanted], routes: Routes) -> bool:
    """Let those wait that are passed on; whether there are any. Raises a 503 problem where no more can wait: then
    nothing of the batch was accepted, and whoever sent it keeps it."""
    waiting = [(destination, one) for one in records if (destination := routes.of(one.category)) is not None]
    for destination in {destination for destination, _ in waiting}:
        if queue.is_full(t, destination):
            detail = "Too much log data waits to be passed on. Send this batch again later."
            again = {"Retry-After": str(_AGAIN_SECONDS)}
            raise problem("log-data-waits", 503, "Service Unavailable", detail, headers=again)
    queue.put(
        t,
        (
            {
                "destination": destination,
                "installation_id": sender.installation_id,
                "category": one.category,
                "time_unix_nano": one.time_unix_nano,
                "record": one.record,
            }
            for destination, one in waiting
        ),
    )
    return bool(waiting)


def withdraw(t: Transaction, sender: Installation, routes: Routes) -> None:
    """Nothing of this installation goes to third parties any more. What is being sent this moment may arrive."""
    unsent, under_way = queue.forget(t, sender.installation_id, ("third_party",))
    for category, count in unsent.items():
        queue.count_lost(t, "third_party", category, "not_allowed", count)
    for (category, destination), count in under_way.items():
        queue.count_passed_on(t, sender.installation_id, category, routes.name_of(destination), count)
