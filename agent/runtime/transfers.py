"""Single files of a report on their way: held back, let go on, tried again."""

from agent.api import AgentError, HoldMedia, RetryMedia
from agent.runtime.workplace import Workplace
from agent.store import media

_SENT = "This file has arrived already, or belongs to no report here any more."


def hold(workplace: Workplace, command: HoldMedia) -> None:
    """What arrived of it stays at the server, and it goes on from there. Raises AgentError not_found."""
    if not workplace.store.write(lambda c: media.hold(c, command.media_id, held=command.held)).result():
        raise AgentError("not_found", _SENT)
    if command.held:
        workplace.stop_uploading([command.media_id])
    else:
        workplace.rounds.wake()
    workplace.changed("activity")


def retry(workplace: Workplace, command: RetryMedia) -> None:
    """At once. Raises AgentError not_found."""
    if not workplace.store.write(lambda c: media.retry(c, command.media_id)).result():
        raise AgentError("not_found", _SENT)
    workplace.changed("activity")
    workplace.rounds.wake()
