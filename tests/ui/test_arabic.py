"""The app in Arabic, one language that runs from right to left: its words are in effect, and everything is mirrored."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import get_args
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from agent.api import OpenSession, RecordAttendance
from agent.transport.egress import EGRESS
from installer import translations
from protocol.changes import CodeVerdict, EvidenceView, Fence
from protocol.operations import EvidenceMethod
from rules.clock import Grade
from rules.evidence import evidence_sentences
from rules.media import kinds
from rules.sentence import Sentence, together
from telemetry.catalog import EVENTS
from telemetry.consent import PURPOSES
from tests.ui.test_review import filed, returned
from ui import wording
from ui.place_choice import PlaceChoice
from ui.privacy.centre import SECTIONS
from ui.theme.icons import pixmap
from ui.translations import install_translations

ARABIC = re.compile("[\N{ARABIC LETTER HAMZA}-\N{ARABIC LETTER YEH}]")
INVISIBLE = re.compile("[\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}\N{RIGHT-TO-LEFT MARK}\N{NO-BREAK SPACE}&]")
SESSION = OpenSession(
    check_in_id="c", location_id="loc-0", location="Gate 2", since="2026-03-01T07:58:00Z", on_break=False
)


@pytest.fixture(autouse=True)
def arabic(qapp: QApplication, english: None) -> Iterator[list[QTranslator]]:
    before = set(qapp.findChildren(QTranslator))
    QLocale.setDefault(QLocale("ar_EG"))
    install_translations(qapp)
    added = [translator for translator in qapp.findChildren(QTranslator) if translator not in before]
    yield added
    for translator in added:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(QLocale("en_GB"))
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight


@pytest.fixture(scope="module")
def sources() -> set[str]:
    """Every English text that the catalogue translates."""
    root = ElementTree.parse(translations.APP / "miratag_ar.ts").getroot()
    found = {
        message.findtext("source", ""): message.findtext("translation", "")
        for message in root.iter("message")
        if message.get("numerus") != "yes"
    }
    return {INVISIBLE.sub("", source) for source, told in found.items() if source != told}


def words_of(widget: QWidget) -> list[str]:
    """What can be read in it, tool tips and names for screen readers included."""
    found = []
    for each in (widget, *widget.findChildren(QWidget)):
        if not each.isVisible():
            continue
        found += [each.toolTip(), each.accessibleName(), each.windowTitle()]
        if isinstance(each, QLabel | QAbstractButton):
            found.append(each.text())
        if isinstance(each, QLineEdit | QPlainTextEdit):
            found.append(each.placeholderText())
    return [INVISIBLE.sub("", text) for text in found if text]


def middle(window: QWidget, widget: QWidget) -> int:
    return widget.mapTo(window, widget.rect().center()).x()


def test_the_window_is_laid_out_from_right_to_left(qtbot, window, fake):
    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert middle(window, window.header.gear) < window.width() / 2 < middle(window, window.header.person)
    assert middle(window, window.write.send) < middle(window, window.write.place)
    assert window.now.headline.alignment() & Qt.AlignmentFlag.AlignRight
    assert window.write.box.document().defaultTextOption().alignment() & Qt.AlignmentFlag.AlignRight
    assert window.now.headline.text() == "لم يُسجَّل الحضور"


def test_no_english_text_is_left_on_any_page(qtbot, window, fake, sources):
    fake.change(session=SESSION)
    filed(fake)
    returned(fake)
    qtbot.waitUntil(lambda: window.needs.isVisible() and window.activity.model.rowCount() == 2)
    seen = words_of(window)
    window.show_item(fake.details["r"].item)
    qtbot.waitUntil(window.report.review.correct.isVisible)
    seen += words_of(window)
    window.report.review.correct.click()
    seen += words_of(window)
    window.show_privacy()
    qtbot.waitUntil(lambda: len(window.privacy.findChildren(QLabel)) > 10)
    seen += words_of(window)
    for section in SECTIONS:
        window.privacy.open_section(section)
        seen += words_of(window)
    window.show_sign_in()
    seen += words_of(window)
    window.show_home()
    window.choose_place()
    dialog = window.findChildren(PlaceChoice)[-1]
    seen += words_of(dialog)
    dialog.reject()
    assert len(seen) > 60
    assert sorted(set(seen) & sources) == []
    assert sum(bool(ARABIC.search(text)) for text in seen) > 50


def test_the_menu_of_the_tray_and_its_tool_tip_are_in_arabic(qtbot, menu, bridge, fake, sources):
    menu.menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: len(menu.menu.actions()) > 5)
    entries = [INVISIBLE.sub("", action.text()) for action in menu.menu.findChildren(QAction) if action.text()]
    assert set(entries) & sources == set()
    assert sum(bool(ARABIC.search(entry)) for entry in entries) > 5
    fake.change(session=SESSION)
    qtbot.waitUntil(lambda: bridge.snapshot().session is not None)
    status = wording.status(bridge.snapshot())
    assert status.startswith("\N{RIGHT-TO-LEFT MARK}\N{FIRST STRONG ISOLATE}حاضر في \N{FIRST STRONG ISOLATE}Gate 2")


@pytest.mark.parametrize("size", [(360, 560), (480, 720), (1100, 720)])
def test_nothing_is_wider_than_the_window(qtbot, window, fake, size):
    fake.change(last_location_id="loc-0", last_location="اسم طويل جدًا لبوابة كتبه أحدهم " * 3)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.width() == size[0])
    for widget in window.column.findChildren(QWidget):
        if widget.isVisible():
            left = widget.mapTo(window, widget.rect().topLeft()).x()
            right = widget.mapTo(window, widget.rect().topRight()).x()
            assert left >= 0, widget
            assert right <= window.width(), widget


def test_arrows_are_turned_and_ticks_are_not(qapp, arabic):
    ink = QColor("#000000")
    shapes = {name: pixmap(name, ink, 24, 1.0).toImage() for name in ("returned", "check_in", "check_out", "received")}
    for translator in arabic:
        qapp.removeTranslator(translator)
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight
    for name, turned in shapes.items():
        plain = pixmap(name, ink, 24, 1.0).toImage()
        assert (plain == turned) == (name == "received"), name


def test_numbers_times_and_sizes_are_in_the_digits_of_the_region():
    assert wording.number(1024) == "١٬٠٢٤"
    assert wording.elapsed("2026-03-01T07:58:00Z", wording.moment("2026-03-01T11:10:00Z")).count("٣") == 1
    assert "١٫٢" in wording.size(1_234_567)
    assert wording.translate("Status", "%n waiting", "", 12) == "١٢ ينتظر"
    assert wording.translate("Status", "%n waiting", "", 2) == "اثنان ينتظران"


ASK = """
from PySide6.QtWidgets import QApplication
from ui.translations import install_translations
from ui import wording
application = QApplication([])
install_translations(application)
print(application.layoutDirection().name, wording.state_names()["waiting"], ascii(wording.number(12)))
"""


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"LANG": "ar_EG.UTF-8"}, r"RightToLeft في الانتظار '\u0661\u0662'"),
        ({"LANG": "ar_MA.UTF-8"}, "RightToLeft في الانتظار '12'"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "ar"}, "RightToLeft في الانتظار '12'"),
        ({"LANG": "ar_EG.UTF-8", "LANGUAGE": "en"}, r"LeftToRight Waiting '\u0661\u0662'"),
        ({"LANG": "he_IL.UTF-8"}, "LeftToRight Waiting '12'"),  # English words are not laid out as Hebrew
        ({"LANG": "C.UTF-8"}, "LeftToRight Waiting '12'"),
    ],
)
def test_the_language_and_the_side_lines_begin_on_are_the_systems(environment, told):
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        env=plain | environment | {"QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert answer.stdout.strip() == told


def test_what_the_agent_and_the_server_say_is_told_in_arabic(qtbot, window, fake):
    assert wording.told("You are not on a break.") == "لست في استراحة."
    assert wording.told("Say what is to be erased, in your words.") == "قل ما الذي يُحذف، بكلماتك."
    assert wording.told("Nobody ever said this.") == "Nobody ever said this."
    assert wording.told("") == ""
    fake.fail_next(RecordAttendance, "You are not checked in. Check in first.")
    fake.change(session=SESSION)
    qtbot.waitUntil(lambda: window.now.headline.text().startswith("حاضر"))
    window.now.press.click()
    told = "لم تسجّل حضورك. سجّل الحضور أولًا."
    qtbot.waitUntil(lambda: told in [label.text() for label in window.now.findChildren(QLabel)])


def test_what_an_event_rests_on_is_told_in_arabic():
    views = [
        *(EvidenceView(method=method) for method in get_args(EvidenceMethod)),
        *(EvidenceView(method="code", code=verdict) for verdict in get_args(CodeVerdict)),
        *(EvidenceView(network=network, address=network) for network in ("known", "other")),
        *(EvidenceView(fence=fence) for fence in get_args(Fence)),
    ]
    said = {
        str(sentence) for view in views for grade in get_args(Grade) for sentence in evidence_sentences(view, grade)
    }
    assert len(said) > 20
    assert [sentence for sentence in said if not ARABIC.search(wording.told(sentence))] == []


def test_every_purpose_of_an_event_and_all_that_a_connection_carries_is_known_in_arabic():
    for row in EGRESS.values():
        assert ARABIC.search(wording.told(row.purpose)), row.purpose
        assert ARABIC.search(wording.told(row.fields)), row.fields
    for purpose in (*PURPOSES.values(), *(event.purpose for event in EVENTS.values())):
        assert ARABIC.search(wording.told(purpose)), purpose


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence("%(host)s cannot be reached.", host="reports.example.invalid"),
        Sentence("Only %(mib)s MiB are free on this disk. Free some space, so that photos fit.", mib=87),
        Sentence(
            "“%(name)s” is named like %(other)s but is %(kind)s. Check the file, or give it its right name.",
            name="crane.pdf",
            other=kinds.PDF.words,
            kind=kinds.JPEG.words,
        ),
        together(
            Sentence("%(host)s took too long to answer.", host="reports.example.invalid"),
            "Check the address and this computer's connection, or try again later.",
        ),
    ],
)
def test_a_sentence_with_a_name_or_a_number_in_it_is_said_in_arabic(sentence):
    told = wording.told(sentence)
    names = re.compile("reports.example.invalid|crane.pdf|PDF|JPEG")
    assert not re.search("[A-Za-z]", names.sub("", told)), told
    for value in ("reports.example.invalid", "crane.pdf"):
        assert (value in told) == (value in sentence)
    if "MiB" in sentence:
        assert "٨٧" in told


def test_a_refusal_of_the_agent_is_said_in_arabic_to_whoever_pressed(qtbot, bridge, fake, window):
    heard = []
    fake.fail_next(RecordAttendance, Sentence("%(name)s is signed out here. Sign in again to go on.", name="Ana"))
    command = RecordAttendance(account="acme/ana", kind="check_in")
    bridge.submit(command, window, None, lambda error: heard.append(error.sentence))
    qtbot.waitUntil(lambda: bool(heard))
    assert ARABIC.search(heard[0])
    assert "signed out" not in heard[0]
