"""The longest time the window did not answer while reports are written, sent and received, beside its bound: a burst of
them as they are written, and ten thousand that waited."""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from agent.api import ActivityItem, FileReport, PauseSending
from agent.runtime import LocalAgent
from bench.compare import Comparison
from bench.durable import signed_in

BURST = 300
WAITING = 10_000
BEAT_MS = 2
BOUND_MS = 50.0
SECONDS = 600.0


class _Closed:
    """Doors that lead nowhere; nobody presses them here."""

    def open_window(self) -> None: ...
    def open_report(self) -> None: ...
    def open_privacy(self) -> None: ...
    def open_item(self, item: ActivityItem) -> None: ...
    def open_places(self) -> None: ...
    def open_checklist(self, template_id: str) -> None: ...
    def open_sign_in(self) -> None: ...
    def quit(self) -> None: ...


def run() -> list[Comparison]:
    """Milliseconds between two beats of a timer in the window's thread; the worst of one whole burst, and drain."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with (
        tempfile.TemporaryDirectory() as folder,
        signed_in(Path(folder), offline=False) as (agent, account, _),
        _window(agent) as window,
    ):
        burst = window.worst(BURST, lambda: _file(agent, account, BURST))
        agent.submit(PauseSending(paused=True)).result(SECONDS)
        _file(agent, account, WAITING)[-1].result(SECONDS)
        drain = window.worst(BURST + WAITING, lambda: agent.submit(PauseSending(paused=False)))
    return [
        Comparison(f"longest stall, {what}", "ms", [worst], [BOUND_MS], "the promise of", 1.0)
        for what, worst in (("300 written and sent", burst), ("10,000 that waited", drain))
    ]


def _file(agent: LocalAgent, account: str, count: int) -> "list[Future[object]]":
    return [agent.submit(FileReport(account=account, text=f"{number} Crane inspected")) for number in range(count)]


class _Window:
    """The main window of an agent, and how long it does not answer."""

    def __init__(self, agent: LocalAgent) -> None:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from ui.attendance_desk import AttendanceDesk
        from ui.bridge import AgentBridge
        from ui.main_menu import MainMenu
        from ui.main_window import MainWindow

        self._application = QApplication.instance() or QApplication([])
        self._agent = agent
        self._last, self._worst = 0.0, 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._bridge = AgentBridge()
        desk = AttendanceDesk(self._bridge)
        self._window = MainWindow(self._bridge, desk, MainMenu(self._bridge, desk, _Closed(), None))
        self._bridge.attach(agent)
        gc.freeze()  # as the program does when its agent is there
        self._window.show()

    def worst(self, received: int, begin: Callable[[], object]) -> float:
        """The longest gap from `begin` on until so many reports were received."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        arrived = self._bridge.changed.connect(
            lambda _: loop.quit() if self._agent.snapshot().sent_reports_today >= received else None
        )
        self._application.processEvents()
        self._last, self._worst = time.perf_counter(), 0.0
        self._timer.start(BEAT_MS)
        begin()
        QTimer.singleShot(int(SECONDS * 1000), loop, loop.quit)
        loop.exec()
        self._timer.stop()
        self._bridge.changed.disconnect(arrived)
        there = self._agent.snapshot().sent_reports_today
        if there < received:
            raise RuntimeError(f"only {there} of {received} reports were received")
        return self._worst

    def close(self) -> None:
        """No more beats."""
        self._bridge.close()
        self._window.images.close()
        self._window.close()

    def _beat(self) -> None:
        now = time.perf_counter()
        self._worst = max(self._worst, (now - self._last) * 1000)
        self._last = now


@contextmanager
def _window(agent: LocalAgent) -> Iterator[_Window]:
    window = _Window(agent)
    try:
        yield window
    finally:
        window.close()
