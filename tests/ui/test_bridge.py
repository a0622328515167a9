"""Replies and events reach the main thread, once, and never a widget that is gone."""

import threading

from PySide6.QtCore import QObject
from shiboken6 import delete

from agent.api import FileReport, ListLocations, OpenWindow


def test_replies_come_on_the_main_thread(qtbot, bridge, fake):
    seen = []
    bridge.query(
        ListLocations(account="acme/ana"), bridge, lambda found: seen.append((found.total, threading.current_thread()))
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(3, threading.main_thread())]


def test_many_changes_before_the_main_thread_comes_round_are_one(qtbot, bridge, fake):
    seen = []
    bridge.changed.connect(seen.append)
    teller = threading.Thread(target=lambda: [fake.tell("activity", f"n{n}") for n in range(500)])
    teller.start()
    teller.join()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [frozenset({"activity", *(f"n{n}" for n in range(500))})]


def test_a_widget_that_is_gone_is_not_called(qtbot, bridge, fake):
    owner, seen, later = QObject(), [], []
    fake.hold()
    bridge.query(ListLocations(account="acme/ana"), owner, seen.append)
    bridge.query(ListLocations(account="acme/ana"), bridge, later.append)
    delete(owner)
    fake.release()
    qtbot.waitUntil(lambda: bool(later))
    assert seen == []


def test_a_failure_that_nobody_takes_is_a_sentence_for_the_window(qtbot, bridge, fake):
    fake.fail_next(FileReport, "The disk is full. Free some space and send again.", "cannot_store")
    with qtbot.waitSignal(bridge.trouble) as told:
        bridge.submit(FileReport(account="acme/ana", text="x"), bridge)
    assert told.args == ["The disk is full. Free some space and send again."]


def test_an_unforeseen_failure_is_logged_and_said_plainly(qtbot, bridge, fake, caplog):
    fake._failures[FileReport] = ZeroDivisionError("inner detail")
    with qtbot.waitSignal(bridge.trouble) as told:
        bridge.submit(FileReport(account="acme/ana", text="x"), bridge)
    assert "inner detail" not in told.args[0]
    assert "safe" in told.args[0]
    assert "ZeroDivisionError" in caplog.text


def test_after_close_late_replies_and_events_do_nothing(qtbot, bridge, fake):
    seen = []
    bridge.changed.connect(seen.append)
    fake.hold()
    bridge.query(ListLocations(account="acme/ana"), bridge, seen.append)
    bridge.close()
    fake.release()
    future = fake.query(ListLocations(account="acme/ana"))
    future.result(5)
    fake.tell("snapshot")
    qtbot.wait(20)
    assert seen == []


def test_a_request_for_the_window_arrives(qtbot, bridge, fake):
    with qtbot.waitSignal(bridge.open_window) as asked:
        fake.ask_for_window(OpenWindow(page="report", text="Lamp"))
    assert asked.args == [OpenWindow(page="report", text="Lamp")]
