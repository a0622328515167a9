"""Which agent a command talks to: the one that runs on the profile, or one of its own for this command."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from agent.api import AgentError, ShowStatus
from agent.control.client import RemoteAgent
from agent.control.hosting import ClosableAgent, HostedAgent
from agent.control.profile_lock import ProfileLock, published_address
from agent.store.profile import Profile
from desktop.command_line.conversation import Conversation

STARTING_SECONDS = 10.0

MakeAgent = Callable[[Profile], ClosableAgent]


@contextlib.contextmanager
def reach(profile: Profile, make_agent: MakeAgent) -> Iterator[tuple[Conversation, bool]]:
    """A conversation with the profile's agent, and whether that runs elsewhere. Raises AgentError."""
    profile.prepare()
    lock = ProfileLock(profile.lock)
    remote = None if lock.try_acquire() else _running(profile) or _wait_for(profile, lock)
    if remote is not None:
        yield Conversation(remote), True
        return
    try:
        agent = make_agent(profile)
    except BaseException:  # the lock is released on every way out
        lock.release()
        raise
    hosted = HostedAgent(agent, profile.path, lock, windowed=False)
    try:
        yield Conversation(hosted), False
    finally:
        hosted.close()


def _running(profile: Profile) -> RemoteAgent | None:
    """The agent that holds the profile, if it answers."""
    address = published_address(profile.lock)
    if address is None:
        return None
    remote = RemoteAgent(address)
    try:
        remote.query(ShowStatus()).result(STARTING_SECONDS)
    except (AgentError, TimeoutError):
        return None
    return remote


def _wait_for(profile: Profile, lock: ProfileLock) -> RemoteAgent | None:
    """The holder is just starting, just ending, or stuck: None once its lock is ours, else the agent it became."""
    taken: Future[None] = Future()

    def take() -> None:
        try:
            lock.acquire()
        except AgentError as error:
            taken.set_exception(error)
        else:
            taken.set_result(None)

    # A lock cannot be waited for with a limit; the thread is left behind, and the process soon ends.
    threading.Thread(target=take, name="profile-lock", daemon=True).start()
    try:
        taken.result(STARTING_SECONDS)
    except TimeoutError:
        remote = _running(profile)
        if remote is None:
            raise AgentError(
                "unavailable", "Miratag runs on this profile but does not answer. Quit it, then try again."
            ) from None
        return remote
    return None
