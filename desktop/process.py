"""What reaches the process from outside its windows: signals, Qt's own messages, errors that nobody caught."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QObject, QSocketNotifier, QtMsgType

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def end() -> None:
    """Leave the event loop. `quit` would first ask every window to close, and ours decides that for itself."""
    QCoreApplication.exit(0)


def log_qt(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    """Qt's messages go where ours go."""
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", context.category, message)


def watch_signals(parent: QObject) -> Callable[[], None]:
    """End on SIGINT and SIGTERM; the second one is not caught any more. Woken by the signal, not by a timer.

    Returns how to undo it.
    """
    import socket  # called once the icon shows

    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    caught = (signal.SIGINT, signal.SIGTERM)

    def asked(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        end()

    handlers = {number: signal.signal(number, asked) for number in caught}
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, parent)
    notifier.activated.connect(lambda: reading.recv(64))

    def undo() -> None:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        reading.close()
        writing.close()

    return undo


def route_exceptions(complain: Callable[[str], None]) -> Callable[[], None]:
    """What a slot or a thread let fall goes to the log, and a sentence to `complain`; the loop goes on.

    `complain` is called on whichever thread it was. Returns how to undo it.
    """
    main, threads = sys.excepthook, threading.excepthook

    def fell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            end()
            return
        _log.critical("an error that nobody caught", exc_info=(kind, error, trace))
        sentence = "Something in Miratag went wrong. What you saved is safe; you can go on."
        complain(QCoreApplication.translate("Process", sentence))

    def fell_in_thread(fallen: threading.ExceptHookArgs) -> None:
        fell(fallen.exc_type, fallen.exc_value or fallen.exc_type(), fallen.exc_traceback)

    sys.excepthook, threading.excepthook = fell, fell_in_thread

    def undo() -> None:
        sys.excepthook, threading.excepthook = main, threads

    return undo
