"""Every section by keyboard alone, with names that a screen reader can say, within the window, and never as markup."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from agent.api import CookieItem, DataRequest, ErasureItem, PolicyTextItem
from tests.ui.fake_connections import rfc3339
from tests.ui.fake_privacy import batch, record
from tests.ui.test_access import controls, reached_by_tab, together
from ui.privacy.centre import SECTIONS

NOW = datetime.now(UTC)
EVIL = '<img src="file:///etc/passwd"><b>x</b> &amp; ' + "unbroken" * 40


@pytest.fixture
def full(fake):
    """Something in every section, and hostile wherever a server has the word."""
    asked = rfc3339(NOW - timedelta(hours=1))
    fake.consents["acme/ana", "usage"] = "granted"
    fake.waiting_records = [record(seq) for seq in range(1, 6)]
    fake.left = [batch(0), batch(1, state="may_have_arrived", accepted=0, status=None)]
    fake.erasures = [
        ErasureItem(
            erasure_id="e",
            asked=asked,
            categories=(),
            state="done",
            erased=3,
            relayed={EVIL: 2},
            done=asked,
            receipts=("{}",),
        ),
        ErasureItem(erasure_id="w", asked=asked, categories=("usage",), state="waiting", trouble=EVIL),
    ]
    fake.cookies = [CookieItem(name="unbroken" * 20, purpose=EVIL, persistent=True, expires=asked, size=20)]
    fake.requests = [
        DataRequest(request_id="r", wish=EVIL, asked=asked, state="refused", sent=True, reason=EVIL),
    ]
    fake.policy_texts = [
        PolicyTextItem(
            version=1, title=EVIL, published=asked, effective=asked, changes=EVIL, current=True, answer="none"
        )
    ]
    fake.policy_words = f"# {EVIL}\n\n{EVIL}"
    fake.operator = (EVIL, EVIL, EVIL, EVIL)
    return fake


@pytest.fixture(params=[10, 20])
def type_of(request, qapp):
    """The size of type in points: as it mostly is, and twice that."""
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(request.param)
    qapp.setFont(larger)
    yield request.param
    qapp.setFont(before)


def settle(qtbot, window, section, fake):
    """Everything that was asked for is answered and laid out."""
    section.arrive()
    done = []
    window._bridge.query(fake.queries[0], window, done.append, done.append)  # answered after all that came before it
    qtbot.waitUntil(lambda: bool(done))
    QApplication.processEvents()


@pytest.mark.parametrize("name", SECTIONS)
def test_tab_reaches_every_control_and_each_has_a_name(qtbot, window, full, centre, name):
    section = centre.open_section(name)
    settle(qtbot, window, section, full)
    seen = reached_by_tab(qtbot, window)
    found = controls(section)
    assert found
    assert [one for one in found if not any(each in seen for each in together(one))] == []
    for widget in found:
        assert widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()), widget


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.usefixtures("centre")
def test_nothing_is_wider_than_the_narrowest_window(qtbot, window, full, type_of, name):
    window.resize(360, 640)
    section = window.privacy.open_section(name)
    for part in getattr(section, "tabs", {"": None}):
        if part:
            section.show_part(part)
        settle(qtbot, window, section, full)
        for widget in section.area.widget().findChildren(QWidget):
            if widget.isVisible():
                right = widget.mapTo(window, widget.rect().topRight()).x()
                assert right <= window.width(), (type_of, widget, getattr(widget, "text", str)())


@pytest.mark.parametrize("name", SECTIONS)
def test_text_of_others_is_never_markup(qtbot, window, full, centre, name):
    section = centre.open_section(name)
    settle(qtbot, window, section, full)
    labels = section.findChildren(QLabel)
    assert labels
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
