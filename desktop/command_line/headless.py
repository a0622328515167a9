"""`miratag agent`: the very same agent without a window, for kiosks, fleets and servers of tests."""

import queue
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Literal

from agent.api import NetworkIsBack
from agent.control.hosting import HostedAgent
from agent.control.profile_lock import ProfileLock
from agent.control.server import TAKEN_SECONDS
from agent.store.profile import Profile
from desktop.command_line import output
from desktop.command_line.reach import MakeAgent
from desktop.network.by_routes import RouteNetwork
from desktop.network.port import NetworkPort
from desktop.started import tell_started

RELEASED_SECONDS = 15.0

Word = Literal["stop", "hand over"]


class _StopWaiting(BaseException):
    """A signal came while this waited."""


class Headless:
    """Runs the agent until a signal comes; gives the profile to an app that asks, and has it back when that ends.

    Nothing is polled: it sleeps in the queue while it serves, and in the system's lock while an app has the profile.
    """

    def __init__(self, profile: Profile, make_agent: MakeAgent) -> None:
        self._profile = profile
        self._make_agent = make_agent
        self._words: queue.SimpleQueue[Word] = queue.SimpleQueue()
        self._stopping = False
        self._waiting = False
        self._released = threading.Event()
        self._taken = threading.Event()

    def run(self) -> int:
        """Returns the exit code. On the main thread, whose signals it takes."""
        self._profile.prepare()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        lock = ProfileLock(self._profile.lock)
        while not self._asked_to_stop():
            if not lock.try_acquire():
                output.say("Miratag runs on this profile already. Waiting until it ends.")
                self._wait(lock.acquire)
            if self._asked_to_stop():
                lock.release()
                break
            self._released.clear()
            self._taken.clear()
            if self._serve(lock) == "hand over":
                self._released.set()
                # Only now, with the other side holding the lock or gone, is waiting for it right.
                self._wait(lambda: self._taken.wait(TAKEN_SECONDS))
        return output.DONE

    def _asked_to_stop(self) -> bool:
        """A signal handler changes it between any two lines; for a plain attribute the type checker denies that."""
        return self._stopping

    def _serve(self, lock: ProfileLock) -> Word:
        try:
            agent = self._make_agent(self._profile)
        except BaseException:  # the lock is released on every way out
            lock.release()
            raise
        hosted = HostedAgent(agent, self._profile.path, lock, windowed=False, release=self._release)
        network: NetworkPort = RouteNetwork()
        network.watch(lambda: hosted.submit(NetworkIsBack()))
        tell_started(hosted, "headless")
        output.say("Miratag works in the background. Stop it with Ctrl-C.")
        try:
            return "stop" if self._stopping else self._words.get()
        finally:
            network.close()
            hosted.close()
            self._words = queue.SimpleQueue()  # a second wish to hand over that came meanwhile has its answer

    def _wait(self, blocked: Callable[[], object]) -> None:
        """Anything that blocks without a queue to wake it: a signal ends it, before or during."""
        self._waiting = True
        try:
            if not self._stopping:
                blocked()
        except _StopWaiting:
            return
        finally:
            self._waiting = False

    def _release(self) -> Callable[[], None]:
        """Asked for by an app that starts: on a thread of the control socket."""
        self._words.put("hand over")
        if not self._released.wait(RELEASED_SECONDS):
            raise TimeoutError("the agent did not let go in time")
        return self._taken.set

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        if self._waiting:
            raise _StopWaiting  # only an exception ends a system call that is restarted after signals
        self._words.put("stop")
