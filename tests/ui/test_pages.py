"""Report, privacy and sign-in pages, accounts, and the layout at each width."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage

from agent.api import (
    ActivityItem,
    CancelSignIn,
    FileReport,
    OpenWindow,
    ReportDetail,
    SelectAccount,
    ShowReport,
    SignIn,
)
from tests.ui.fake_agent import FakeAgent
from ui.bridge import AgentBridge
from ui.image_work import read_scaled
from ui.report_files import Photo
from ui.sign_in_page import complete_address


def file_report(window, fake, tmp_path, qtbot):
    image = QImage(3000, 2000, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    image.save(str(tmp_path / "gate.png"))
    window.write.box.setPlainText("Gate 2 does not close\nMotor hums")
    window.write.attachments.add_path(str(tmp_path / "gate.png"))
    qtbot.waitUntil(lambda: window.write.send.isEnabled() and bool(window.write.attachments.chips))
    window.write.send.click()
    qtbot.waitUntil(lambda: bool(fake.details))
    return next(iter(fake.details))


def test_a_report_opens_in_full_and_follows_its_state(qtbot, window, fake, tmp_path):
    item_id = file_report(window, fake, tmp_path, qtbot)
    window.show_item(fake.details[item_id].item)
    assert not window.column.isVisible()
    qtbot.waitUntil(lambda: "Motor hums" in window.report.text.toPlainText())
    photo = window.report.findChild(Photo)
    qtbot.waitUntil(lambda: not photo._picture.isNull())
    assert max(photo._picture.width(), photo._picture.height()) <= 1600
    detail = fake.details[item_id]
    fake.details[item_id] = ReportDetail(
        item=detail.item, text=detail.text, media=detail.media, receipt='{"signed": 1}'
    )
    fake.deliver(item_id, state="received", received="2026-03-01T12:00:00Z")
    qtbot.waitUntil(window.report.receipt.isVisible)
    assert window.report.state.text().startswith("Received")
    window.report._copy.click()
    assert QGuiApplication.clipboard().text() == '{"signed": 1}'


def test_a_report_that_is_gone_says_so(qtbot, window, fake):
    lost = ActivityItem(
        key="k", item_id="lost", kind="report", title="Lost", at="2026-03-01T12:00:00Z", state="received"
    )
    window.show_item(lost)
    qtbot.waitUntil(lambda: window.report.sentence.text() == "This report is no longer on this computer.")


def test_text_of_others_is_never_markup(qtbot, window, fake):
    evil = '<img src="file:///etc/passwd"><b>x</b>'
    item = ActivityItem(
        key="k", item_id="r", kind="report", title=evil, at="2026-03-01T12:00:00Z", state="returned", sentence=evil
    )
    fake.details["r"] = ReportDetail(item=item, text=evil, media=())
    window.show_item(item)
    qtbot.waitUntil(lambda: window.report.text.toPlainText() == evil)
    assert (
        window.report.title.textFormat()
        == window.report.sentence.textFormat()
        == window.report.title.textFormat().PlainText
    )


def test_a_large_photo_is_read_small_and_upright(tmp_path):
    image = QImage(4000, 3000, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    image.save(str(tmp_path / "large.jpg"))
    assert read_scaled(str(tmp_path / "large.jpg"), QSize(400, 400)).size() == QSize(400, 300)
    (tmp_path / "not.jpg").write_bytes(b"GIF89a rubbish")
    assert read_scaled(str(tmp_path / "not.jpg"), QSize(400, 400)).isNull()


def test_switching_the_account_changes_name_activity_and_detail(qtbot, window, fake, menu):
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    item = ActivityItem(key="k", item_id="r", kind="report", title="Anas", at="2026-03-01T12:00:00Z", state="saved")
    fake.put("acme/ana", item)
    fake.tell("snapshot", "activity")
    qtbot.waitUntil(lambda: window.activity.model.rowCount() == 2)
    window.show_item(item)
    action = next(action for action in menu.accounts.actions() if action.text().startswith("Ben"))
    action.trigger()
    qtbot.waitUntil(lambda: window.header.person.text() == "Ben Okoro")
    assert fake.commands[-1] == SelectAccount(account="acme/ben") or SelectAccount(account="acme/ben") in fake.commands
    qtbot.waitUntil(lambda: window.activity.model.rowCount() == 0)
    assert window.column.isVisible()
    assert window.now.press.text() == "Check in Ben…"


@pytest.mark.parametrize(
    ("width", "column", "side"), [(360, True, False), (480, True, False), (899, True, False), (900, True, True)]
)
def test_from_900_pixels_the_item_stands_beside(qtbot, window, width, column, side):
    window.resize(width, 700)
    qtbot.waitUntil(lambda: window.width() == width)
    assert (window.column.isVisible(), window.side.isVisible()) == (column, side)
    window.show_privacy()
    assert (window.column.isVisible(), window.side.isVisible()) == (side, True)


def test_a_prefilled_window_commits_nothing(qtbot, window, fake):
    window.open(OpenWindow(page="report", text="Lamp is out"))
    assert window.write.box.toPlainText() == "Lamp is out"
    assert not any(isinstance(command, FileReport) for command in fake.commands)
    window.open(OpenWindow(page="check_in"))
    assert window.write.box.toPlainText() == "Lamp is out"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("reports.example.invalid", "https://reports.example.invalid"),
        (" https://reports.example.invalid/ ", "https://reports.example.invalid"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("localhost", "http://localhost"),
        ("http://reports.example.invalid", "http://reports.example.invalid"),
        ("", ""),
        ("https://", ""),
    ],
)
def test_an_address_is_completed(typed, address):
    assert complete_address(typed) == address


class TestWithoutAnAccount:
    @pytest.fixture
    def fake(self, tmp_path):
        agent = FakeAgent(tmp_path, signed_in=False)
        yield agent
        agent.close()

    def test_the_window_is_the_sign_in_page(self, window):
        assert window.sign_in.isVisible()
        assert not window.column.isVisible()
        assert not window.sign_in.back.isVisible()
        assert not window.sign_in.browser.isEnabled()

    def test_signing_in_with_the_browser_leads_to_the_column(self, qtbot, window, fake):
        qtbot.keyClicks(window.sign_in.address, "reports.example.invalid")
        window.sign_in.browser.click()
        assert window.sign_in.progress.text().startswith("Your browser")
        assert window.sign_in.cancel.isVisible()
        qtbot.waitUntil(lambda: fake.snapshot().signing_in)
        fake.finish_sign_in()
        qtbot.waitUntil(window.column.isVisible)
        assert SignIn(server_url="https://reports.example.invalid") in fake.commands
        assert window.header.person.text() == "Ben Okoro"

    def test_cancelling_gives_the_form_back(self, qtbot, window, fake):
        window.sign_in.address.setText("reports.example.invalid")
        window.sign_in.browser.click()
        qtbot.waitUntil(lambda: fake.snapshot().signing_in)
        window.sign_in.cancel.click()
        qtbot.waitUntil(window.sign_in.address.isEnabled)
        assert CancelSignIn() in fake.commands
        assert not window.sign_in.cancel.isVisible()
        assert window.sign_in.sentence.text() == "Signing in was stopped."

    def test_a_failure_is_said_and_the_address_kept(self, qtbot, window, fake):
        fake.fail_next(SignIn, "This address did not answer. Check it and your connection.", "unavailable")
        window.sign_in.address.setText("reports.example.invalid")
        window.sign_in.browser.click()
        qtbot.waitUntil(window.sign_in.sentence.isVisible)
        assert window.sign_in.sentence.text() == "This address did not answer. Check it and your connection."
        assert window.sign_in.address.text() == "https://reports.example.invalid"

    def test_an_enrolment_code_signs_in(self, qtbot, window, fake):
        window.sign_in.address.setText("127.0.0.1:8080")
        assert not window.sign_in.code.isVisible()
        window.sign_in.have_code.click()
        qtbot.keyClicks(window.sign_in.code, "one-time")
        window.sign_in.use_code.click()
        qtbot.waitUntil(window.column.isVisible)
        assert SignIn(server_url="http://127.0.0.1:8080", enrolment_code="one-time") in fake.commands
        assert window.sign_in.code.text() == ""


def test_before_the_agent_is_there_the_window_says_so(qtbot, qapp, menu, desk):
    from ui.main_window import MainWindow

    waiting = AgentBridge()
    early = MainWindow(waiting, desk, menu)
    qtbot.addWidget(early)
    early.show()
    assert early.starting.isVisible()
    assert not early.column.isVisible()
    assert not early.side.isVisible()
    waiting.close()


def test_the_report_page_asks_only_for_reports(qtbot, window, fake):
    event = ActivityItem(key="k", item_id="e", kind="check_in", title="", at="2026-03-01T12:00:00Z", state="received")
    window.show_item(event)
    assert window.report.title.text() == "Checked in"
    assert not any(isinstance(query, ShowReport) for query in fake.queries)
