"""`miratag`: decides between the window, the agent without one and a single command, before anything heavy loads."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from agent.api import OpenWindow
    from agent.control.client import RemoteAgent
    from agent.control.hosting import ClosableAgent, HostedAgent
    from agent.control.profile_lock import ProfileLock
    from agent.store.profile import Profile

LINK_BEGINS = "miratag:"
SHOW_SECONDS = 10.0
ENDING_SECONDS = 10.0


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed, 2 usage, 3 not signed in, 4 refused by the server, 5 cannot store."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--self-test"]:
        from desktop.self_test import run_self_test

        return run_self_test()
    if len(given) == 1 and given[0][: len(LINK_BEGINS)].lower() == LINK_BEGINS:
        from desktop.links import window_of_link

        return _guarded(lambda: open_window(_profile(None), window_of_link(given[0])))
    if not given:
        return _guarded(lambda: open_window(_profile(None), None))
    from desktop.command_line.arguments import parse

    parsed = parse(given)
    if parsed.command is None:
        return _guarded(lambda: open_window(_profile(parsed.profile), None))
    return _guarded(lambda: _run_command(parsed))


def open_window(profile: "Profile", window: "OpenWindow | None") -> int:
    """Run the tray app, or bring the window of the one that runs to the front. Raises AgentError."""
    from agent.control.profile_lock import ProfileLock

    profile.prepare()
    lock = ProfileLock(profile.lock)
    if not lock.try_acquire():
        from agent.api import OpenWindow

        window = window or OpenWindow()  # whoever starts it while it runs wants to see it
        if not _take_over(profile, lock, window):
            return 0
    return _run_tray(profile, lock, window)


def _take_over(profile: "Profile", lock: "ProfileLock", window: "OpenWindow") -> bool:
    """Whether the lock is ours now: a headless agent gives the profile up, one that ends is waited for, and an app
    that goes on opens its window instead."""
    from msgspec import structs

    from agent.api import AgentError
    from agent.control.client import RemoteAgent
    from agent.control.profile_lock import published_address

    address = published_address(profile.lock)
    if address is None:
        raise AgentError("unavailable", "Miratag runs already. Use its window or tray icon.")
    remote = RemoteAgent(address)
    token = os.environ.pop("XDG_ACTIVATION_TOKEN", "")
    try:
        remote.show(structs.replace(window, activation_token=token)).result(SHOW_SECONDS)
    except (AgentError, TimeoutError):
        if _given_up(remote, lock) or lock.acquire_within(ENDING_SECONDS):
            return True
        raise AgentError("unavailable", "Another miratag command is using this profile. Try again.") from None
    return False


def _given_up(remote: "RemoteAgent", lock: "ProfileLock") -> bool:
    from agent.api import AgentError

    try:
        return remote.take_over(lock)
    except AgentError:
        return False  # it does not answer: most likely it is about to end


def _run_tray(profile: "Profile", lock: "ProfileLock", window: "OpenWindow | None") -> int:
    """The lock is held, and released when the app ends."""
    from desktop.application import run

    hosted: list[HostedAgent] = []

    def start_agent() -> "HostedAgent":
        from agent.control.hosting import HostedAgent

        hosted.append(HostedAgent(make_agent(profile), profile.path, lock, windowed=True))
        return hosted[-1]

    try:
        return run(profile.path, agent_factory=start_agent, wish=window)
    finally:
        for one in hosted:
            one.close()
        lock.release()


def _run_command(parsed: "argparse.Namespace") -> int:
    from desktop.command_line.dispatch import run_command

    return run_command(_profile(parsed.profile), parsed, make_agent)


def make_agent(profile: "Profile") -> "ClosableAgent":
    """The agent of this process, with what it needs of the operating system."""
    from agent.runtime import LocalAgent
    from desktop.open_external import open_external, open_file
    from desktop.senses import senses_of_this_system
    from desktop.thrift.asking import thrifty_on_this_system

    return LocalAgent(
        profile,
        open_external=open_external,
        open_file=open_file,
        thrifty=thrifty_on_this_system(),
        senses=senses_of_this_system(),
    )


def _profile(path: Path | None) -> "Profile":
    from agent.store.profile import Profile

    return Profile(path)


def _guarded(run: Callable[[], int]) -> int:
    """The exit code of `run`, and its sentence on standard error when it could not do what was asked."""
    from agent.errors import AgentError

    try:
        return run()
    except AgentError as error:
        from desktop.command_line import output

        output.say(error.sentence)
        return output.EXIT_CODES[error.kind]
    except KeyboardInterrupt:
        from desktop.command_line import output

        output.say("Stopped.")
        return output.FAILED


if __name__ == "__main__":
    sys.exit(main())
