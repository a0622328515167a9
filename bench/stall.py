"""The longest time the window did not answer while reports are written, sent and received, beside its bound."""

import os
import tempfile
import time
from pathlib import Path

from agent.api import ActivityItem, FileReport
from bench.compare import Comparison
from bench.durable import signed_in

REPORTS = 300
BEAT_MS = 2
BOUND_MS = 50.0
SECONDS = 120.0


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
    """Milliseconds between two beats of a timer in the window's thread; the worst of one whole drain."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from ui.attendance_desk import AttendanceDesk
    from ui.bridge import AgentBridge
    from ui.main_menu import MainMenu
    from ui.main_window import MainWindow

    application = QApplication.instance() or QApplication([])
    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append((now - last) * 1000)
        last = now

    with tempfile.TemporaryDirectory() as folder, signed_in(Path(folder), offline=False) as (agent, account, _):
        bridge = AgentBridge()
        desk = AttendanceDesk(bridge)
        window = MainWindow(bridge, desk, MainMenu(bridge, desk, _Closed(), None))
        bridge.attach(agent)
        window.show()
        loop = QEventLoop()
        bridge.changed.connect(lambda _: loop.quit() if agent.snapshot().sent_reports_today >= REPORTS else None)
        timer = QTimer()
        timer.timeout.connect(beat)
        application.processEvents()
        last = time.perf_counter()
        timer.start(BEAT_MS)
        for number in range(REPORTS):
            agent.submit(FileReport(account=account, text=f"{number} Crane inspected"))
        QTimer.singleShot(int(SECONDS * 1000), loop.quit)
        loop.exec()
        received = agent.snapshot().sent_reports_today
        bridge.close()
        window.images.close()
        window.close()
    if received < REPORTS:
        raise RuntimeError(f"only {received} of {REPORTS} reports were received")
    return [Comparison("longest stall of the window", "ms", [max(gaps)], [BOUND_MS], "the promise of", 1.0)]
