"""The place that a person means by what they typed."""

from agent.api import AgentError, ListLocations, LocationItem, LocationList, SyncNow
from desktop.command_line.conversation import Conversation

FIRST_PULL_SECONDS = 15.0
_MOST_NAMED = 10


def find_location(asked: Conversation, account: str, name: str) -> LocationItem:
    """The place of that id, or of that name whatever its case, or the only one that contains it. Raises AgentError
    usage."""
    every: LocationList = asked.look(ListLocations(account=account, limit=_MOST_NAMED))
    if every.total == 0:  # the first pull after signing in may not have run yet
        asked.do(SyncNow(account=account, wait_seconds=FIRST_PULL_SECONDS))
        every = asked.look(ListLocations(account=account, limit=_MOST_NAMED))
    wished = name.strip().casefold()
    found = _named(asked, account, wished) if wished else []
    if len(found) == 1:
        return found[0]
    if not every.items:
        raise AgentError("usage", f"{name!r} is not known: no places came from the server yet. Run: miratag sync")
    names = ", ".join(one.name for one in (found or every.items)[:_MOST_NAMED])
    what = "fits more than one place" if found else "is not a place of your organization"
    raise AgentError("usage", f"{name!r} {what}. Choose one of: {names}")


def _named(asked: Conversation, account: str, wished: str) -> list[LocationItem]:
    by_id: LocationList = asked.look(ListLocations(account=account, location_id=wished))
    if by_id.items:
        return list(by_id.items)
    known: LocationList = asked.look(ListLocations(account=account, search=wished, limit=500))
    within = [one for one in known.items if wished in one.name.casefold()]
    return [one for one in within if one.name.casefold() == wished] or within
