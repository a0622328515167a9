"""From the agent's threads to Qt's main thread and back, through one queued signal.

Commands and queries go out as they are; their futures come back as callbacks on the main thread. Nothing here waits,
and nothing polls. What waits in the agent holds no widget alive: callbacks of a widget that is gone are not called.
"""

import logging
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from threading import Lock
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from shiboken6 import isValid

from agent.api import Agent, AgentError, Command, Event, OpenWindow, Query, Snapshot
from ui import wording

_log = logging.getLogger(__name__)

Done = Callable[[Any], None]
Failed = Callable[[AgentError], None]

EVERYTHING = frozenset({"snapshot", "activity", "drafts", "locations", "templates", "privacy", "settings"})


class _Mailbox:
    """The only thing that agent threads hold. Posting after `close` does nothing, so a late reply is harmless."""

    def __init__(self, bridge: "AgentBridge") -> None:
        self._lock = Lock()
        self._bridge: AgentBridge | None = bridge
        self._names: set[str] = set()

    def post(self, work: Callable[[], None]) -> None:
        with self._lock:
            if self._bridge is not None:
                self._bridge.posted.emit(work)

    def hear(self, event: Event) -> None:
        """Many changes before the main thread comes round become one."""
        if isinstance(event, OpenWindow):
            self.post(lambda: self._tell(event))
            return
        with self._lock:
            waiting = bool(self._names)
            self._names |= event.what
        if not waiting:
            self.post(self._tell_changes)

    def close(self) -> None:
        with self._lock:
            self._bridge = None

    def _tell(self, event: OpenWindow) -> None:
        if self._bridge is not None:
            self._bridge.open_window.emit(event)

    def _tell_changes(self) -> None:
        with self._lock:
            names, self._names = frozenset(self._names), set()
            bridge = self._bridge
        if bridge is not None and names:
            bridge.changed.emit(names)


class AgentBridge(QObject):
    """The agent for widgets: `changed` and `open_window` arrive on the main thread, replies too.

    There may be no agent yet (the tray shows before it is loaded): `ready` is False and the snapshot is empty until
    one is attached and has opened its files.
    """

    changed = Signal(object)
    """frozenset of names, as in agent.api.Changed."""
    open_window = Signal(object)
    """agent.api.OpenWindow."""
    trouble = Signal(str)
    """The sentence of a failure that no widget took."""
    posted = Signal(object)
    """Work for the main thread; emitted from any thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._agent: Agent | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._mailbox = _Mailbox(self)
        self.posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    @property
    def ready(self) -> bool:
        """Whether the agent has opened what is saved here; its snapshot is empty (revision 0) before."""
        return self._agent is not None and self._agent.snapshot().revision > 0

    def attach(self, agent: Agent) -> None:
        """Begin to listen; everything counts as changed."""
        self._agent = agent
        self._unsubscribe = agent.subscribe(self._mailbox.hear)
        self.changed.emit(EVERYTHING)

    def close(self) -> None:
        """Stop listening; replies on their way are dropped."""
        self._mailbox.close()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._agent = None

    def on_main_thread(self, work: Callable[[], None]) -> None:
        """Run `work` on the main thread soon; may be called from any thread."""
        self._mailbox.post(work)

    def snapshot(self) -> Snapshot:
        """The latest, from memory."""
        return self._agent.snapshot() if self._agent is not None else Snapshot()

    def submit(self, command: Command, owner: QObject, done: Done | None = None, failed: Failed | None = None) -> None:
        """Carry out for `owner`; without `failed`, a failure's sentence goes to `trouble`."""
        if self._agent is not None:
            self._follow(self._agent.submit(command), owner, done, failed)

    def query(self, query: Query, owner: QObject, done: Done, failed: Failed | None = None) -> None:
        """Look up for `owner`; without `failed`, a failure's sentence goes to `trouble`."""
        if self._agent is not None:
            self._follow(self._agent.query(query), owner, done, failed)

    def _follow(self, future: "Future[Any]", owner: QObject, done: Done | None, failed: Failed | None) -> None:
        mailbox, still_there, bridge = self._mailbox, weakref.ref(owner), weakref.ref(self)

        def settle(settled: "Future[Any]") -> None:
            holder, here = still_there(), bridge()
            if holder is None or here is None or not isValid(holder):
                return
            error = _error_of(settled)
            if error is None:
                if done is not None:
                    done(settled.result())
            elif failed is not None:
                failed(error)
            else:
                here.trouble.emit(error.sentence)

        future.add_done_callback(lambda settled: mailbox.post(lambda: settle(settled)))

    @Slot(object)
    def _run(self, work: Callable[[], None]) -> None:
        work()


def _error_of(future: "Future[Any]") -> AgentError | None:
    """What went wrong, as a sentence a person can read; anything unforeseen is logged with its trace."""
    try:
        error = future.exception()
    except CancelledError:
        return AgentError("cancelled", QCoreApplication.translate("Bridge", "This was cancelled."))
    if error is None:
        return None
    if isinstance(error, AgentError):
        return AgentError(error.kind, wording.told(error.sentence))
    _log.error("a command failed in a way nobody foresaw", exc_info=error)
    return AgentError(
        "unavailable",
        QCoreApplication.translate("Bridge", "Miratag could not do this. What you saved is safe; please try again."),
    )
