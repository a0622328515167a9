"""Activity: pages as they are needed, changes in place, and a window that never stands still for it."""

import gc
from datetime import UTC, datetime, timedelta
from time import thread_time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton

from agent.api import ActivityItem, ListActivity, Retry
from tests.ui.fake_agent import rfc3339

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
STALL_MS = 50


def fill(fake, count, account="acme/ana"):
    fake.items[account] = [
        ActivityItem(
            key=f"{rfc3339(START - timedelta(minutes=37 * n))}|{count - n:06d}",
            item_id=f"item-{n}",
            kind="report" if n % 3 else "check_in",
            title=f"Round {n}",
            location=("Gate 2", "Yard")[n % 2],
            at=rfc3339(START - timedelta(minutes=37 * n)),
            state="received",
        )
        for n in range(count)
    ]
    fake.tell("activity")


def items(window):
    rows = [
        window.activity.model.index(row).data(Qt.ItemDataRole.UserRole)
        for row in range(window.activity.model.rowCount())
    ]
    return [row.item for row in rows if row.item is not None]


def scroll_down(window):
    bar = window.activity.rows.verticalScrollBar()
    bar.setValue(bar.maximum())


def pages(fake):
    return [query for query in fake.queries if isinstance(query, ListActivity) and not query.needs_you]


def test_pages_are_read_as_the_person_scrolls_and_none_twice(qtbot, window, fake):
    fill(fake, 180)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    while len(items(window)) < 180:
        before = len(items(window))
        scroll_down(window)
        qtbot.waitUntil(lambda before=before: len(items(window)) > before)
    assert [item.item_id for item in items(window)] == [f"item-{n}" for n in range(180)]
    assert not window.activity.model.canFetchMore(window.activity.rows.rootIndex())


def test_a_heading_stands_before_each_day_and_cannot_be_chosen(qtbot, window, fake):
    fill(fake, 50)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    model = window.activity.model
    rows = [model.index(row).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]
    headings = [row.day for row in rows if row.item is None]
    assert headings == sorted(set(headings), reverse=True)
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert window.activity.rows.rowHeight(0) < window.activity.rows.rowHeight(1)


def test_a_state_that_changes_is_shown_in_place(qtbot, window, fake):
    fill(fake, 50)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    resets = []
    window.activity.model.modelReset.connect(lambda: resets.append(1))
    fake.deliver("item-4", state="sending", progress=0.4)
    qtbot.waitUntil(lambda: items(window)[4].progress == 0.4)
    assert "Sending 40 %" in window.activity.model.index(window.activity.model.row_of("item-4")).data()
    assert resets == []


def test_new_items_come_on_top_without_moving_what_is_read(qtbot, window, fake):
    fill(fake, 120)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    scroll_down(window)
    qtbot.waitUntil(lambda: len(items(window)) == 100)
    now = rfc3339(START + timedelta(minutes=5))
    fake.put(
        "acme/ana", ActivityItem(key=f"{now}|999999", item_id="new", kind="report", title="New", at=now, state="saved")
    )
    fake.tell("activity")
    qtbot.waitUntil(lambda: items(window)[0].item_id == "new")
    assert [item.item_id for item in items(window)][1:] == [f"item-{n}" for n in range(100)]


def test_the_item_that_has_the_keyboard_keeps_it_when_another_goes(qtbot, window, fake):
    fill(fake, 50)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    rows, model = window.activity.rows, window.activity.model
    rows.setFocus()
    rows.setCurrentIndex(model.index(model.row_of("item-20"), 0))
    fake.items["acme/ana"] = [one for one in fake.items["acme/ana"] if one.item_id != "item-2"]
    fake.tell("activity")
    qtbot.waitUntil(lambda: len(items(window)) == 49)
    assert rows.currentIndex().row() == model.row_of("item-20")
    assert rows.rowAt(0) <= rows.currentIndex().row() <= rows.seen()[1]
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert rows.currentIndex().row() > model.row_of("item-20")


def test_rows_far_down_are_read_again_when_they_are_looked_at(qtbot, window, fake):
    fill(fake, 150)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    for wanted in (100, 150):
        scroll_down(window)
        qtbot.waitUntil(lambda wanted=wanted: len(items(window)) == wanted)
    window.activity.rows.scrollToTop()
    fake.deliver("item-149", state="approved")
    scroll_down(window)
    qtbot.waitUntil(lambda: items(window)[149].state == "approved")


def test_a_page_that_is_on_its_way_is_asked_for_once_whatever_changes(qtbot, window, fake):
    fill(fake, 180)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    model, root = window.activity.model, window.activity.rows.rootIndex()
    before = len(pages(fake))
    fake.hold()
    fake.tell("activity")
    qtbot.waitUntil(lambda: len(pages(fake)) == before + 1)
    answered = []
    model.loaded.connect(lambda: answered.append(model.canFetchMore(root)))
    model.fetchMore(root)
    fake.release()
    qtbot.waitUntil(lambda: len(items(window)) == 100)
    assert answered == [False], "with the page still on its way, another of the same would double its rows"
    assert [item.item_id for item in items(window)] == [f"item-{n}" for n in range(100)]


def test_a_page_of_a_list_that_began_anew_is_not_put_below_it(qtbot, window, fake):
    fill(fake, 180)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    scroll_down(window)
    qtbot.waitUntil(lambda: len(items(window)) == 100)
    window.activity.rows.scrollToTop()
    model = window.activity.model
    fake.hold()
    model.fetchMore(window.activity.rows.rootIndex())
    fake.items["acme/ana"] = fake.items["acme/ana"][60:]
    fake.tell("activity")
    asked = len(pages(fake))
    qtbot.waitUntil(lambda: len(pages(fake)) == asked + 1)
    model.fetchMore(window.activity.rows.rootIndex())
    fake.release()
    qtbot.waitUntil(lambda: items(window)[0].item_id == "item-60")
    shown = [item.item_id for item in items(window)]
    assert shown == [f"item-{n}" for n in range(60, 60 + len(shown))]


def test_nothing_of_one_person_stands_under_the_name_of_another(qtbot, window, fake):
    fill(fake, 60)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.fail_next(ListActivity, "What is saved here cannot be read now.", "unavailable")
    window.needs.refresh = lambda: None
    fake.change(current="acme/ben")
    qtbot.waitUntil(lambda: window.activity.empty.text() == "What is saved here cannot be read now.")
    assert items(window) == []


def test_what_could_not_be_read_is_forgotten_once_it_can(qtbot, window, fake):
    fill(fake, 60)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    fake.fail_next(ListActivity, "What is saved here cannot be read now.", "unavailable")
    window.activity.refresh()
    qtbot.waitUntil(window.activity.empty.isVisible)
    window.activity.refresh()
    qtbot.waitUntil(lambda: not window.activity.empty.isVisible())
    assert len(items(window)) == 50


def test_search_asks_once_for_a_word_and_says_when_nothing_has_it(qtbot, window, fake):
    fill(fake, 60)
    qtbot.waitUntil(lambda: len(items(window)) == 50)
    asked = len(pages(fake))
    qtbot.keyClicks(window.activity.search, "round 59")
    qtbot.waitUntil(lambda: [item.item_id for item in items(window)] == ["item-59"])
    assert len(pages(fake)) == asked + 1
    window.activity.search.setText("elephant")
    qtbot.waitUntil(lambda: "elephant" in window.activity.empty.text() and window.activity.empty.isVisible())


def test_an_empty_account_is_told_what_will_stand_here(qtbot, window, fake):
    qtbot.waitUntil(window.activity.empty.isVisible)
    assert window.activity.empty.text().startswith("Nothing yet.")


def test_needs_you_shows_the_servers_sentence_and_retries(qtbot, window, fake):
    fill(fake, 3)
    assert not window.needs.isVisible()
    fake.deliver("item-1", state="needs_you", sentence="The photo is larger than 25 MB. Add a smaller one.")
    qtbot.waitUntil(window.needs.isVisible)
    texts = [label.text() for label in window.needs.findChildren(type(window.needs.heading))]
    assert "The photo is larger than 25 MB. Add a smaller one." in texts
    retry = next(button for button in window.needs.findChildren(QPushButton) if button.text() == "Retry")
    assert retry.accessibleName() == "Retry Round 1"
    retry.click()
    qtbot.waitUntil(lambda: not window.needs.isVisible())
    assert Retry(account="acme/ana", item_id="item-1") in fake.commands


def test_a_retry_that_failed_can_be_tried_again(qtbot, window, fake):
    fill(fake, 3)
    fake.deliver("item-1", state="needs_you", sentence="The photo is larger than 25 MB. Add a smaller one.")
    qtbot.waitUntil(window.needs.isVisible)
    retry = next(button for button in window.needs.findChildren(QPushButton) if button.text() == "Retry")
    fake.fail_next(Retry, "There is no room on this computer.", "cannot_store")
    retry.click()
    assert not retry.isEnabled()
    qtbot.waitUntil(lambda: window.banner.sentence.text() == "There is no room on this computer.")
    assert retry.isEnabled()
    retry.click()
    qtbot.waitUntil(lambda: not window.needs.isVisible())


def test_what_needs_one_person_is_not_told_another(qtbot, window, fake):
    fill(fake, 3)
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.hold()
    fake.deliver("item-1", state="needs_you", sentence="The photo is larger than 25 MB. Add a smaller one.")
    asked = ListActivity(account="acme/ana", needs_you=True, limit=2)
    qtbot.waitUntil(lambda: asked in fake.queries)
    fake.change(current="acme/ben", needs_you=0)
    qtbot.waitUntil(lambda: ListActivity(account="acme/ben", limit=50) in fake.queries)
    fake.release()
    qtbot.waitUntil(window.activity.empty.isVisible)
    assert not window.needs.isVisible()


def test_ten_thousand_items_never_hold_up_the_window(request, qtbot, window, fake):
    """A heartbeat every 5 ms measures how long the event loop was busy with anything else.

    In the thread's own time, so that a busy machine counts for nothing; that nothing waits here, the import contract
    and the absence of any I/O in `ui` see to.
    """
    fill(fake, 10_000)
    qtbot.waitUntil(lambda: len(items(window)) >= 50)
    # What other tests left in this process is no load of the window's: the collector need not walk it meanwhile.
    gc.collect()
    gc.freeze()
    request.addfinalizer(gc.unfreeze)
    gaps, last = [], [thread_time()]

    def beat() -> None:
        now = thread_time()
        gaps.append((now - last[0]) * 1000)
        last[0] = now

    heart = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
    heart.timeout.connect(beat)
    reached = []

    def step() -> None:
        model = window.activity.model
        if not model.canFetchMore(window.activity.rows.rootIndex()) and model._next is None:
            reached.append(model.rowCount())
            return
        scroll_down(window)
        QTimer.singleShot(0, step)

    last[0] = thread_time()
    heart.start()
    step()
    qtbot.waitUntil(lambda: bool(reached), timeout=60_000)
    for _ in range(20):
        fake.tell("activity")
        qtbot.wait(5)
    window.activity.rows.scrollToTop()
    qtbot.wait(50)
    heart.stop()
    assert reached[0] > 10_000
    assert max(gaps) < STALL_MS
