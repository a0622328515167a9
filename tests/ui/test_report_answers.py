"""The answers of a sent report to read, a refused one to correct, and a report as a PDF."""

import base64
import json
import subprocess
import threading
from pathlib import Path

import msgspec
import pytest

from agent.api import ActivityItem, MediaItem, ReopenReport, ReportDetail
from protocol.statements import ReceiptPayload
from tests.ui.forms import ROUND
from tests.ui.test_form import picture
from ui import report_pdf
from ui.report_pdf import paper_of, writing

ANSWERS = {
    "name": "Pump 7",
    "seen": "It <b>drips</b>\nonce a minute.",
    "pressure": 4.5,
    "day": "2026-12-24",
    "when": "2026-11-25T14:05+01:00",
    "lamp": "red",
    "spills": ["water", "oil"],
    "seal": {"result": "fail", "note": "worn"},
    "leak": ["m1"],
    "where": "loc-0",
    "pumps": [{"pump": "North", "quiet": {"result": "pass"}}, {"pump": "South"}],
}
RECEIPT = {
    "type": "urn:miratag:statement:receipt:1",
    "kid": "0011223344556677",
    "signature": "",
    "payload": base64.b64encode(
        msgspec.json.encode(
            ReceiptPayload(
                organization_id="o",
                member_id="m",
                instance_id="the-report",
                revision_id="the-version",
                operation_id="op",
                salt="",
                operation_digest="",
                media=(),
                received="2026-11-25T13:10:00.000Z",
                previous="",
                access_head="",
            )
        )
    ).decode(),
}


@pytest.fixture
def detail(fake, tmp_path):
    (tmp_path / "leak.png").write_bytes(picture())
    photo = MediaItem(
        media_id="m1",
        name="leak.png",
        content_type="image/png",
        size=300,
        sha256="0" * 64,
        sent_bytes=300,
        path=str(tmp_path / "leak.png"),
    )
    item = ActivityItem(
        key="2026-11-25T13:06:00.000Z r1",
        item_id="r1",
        kind="report",
        title="Pump round",
        location="Gate 2",
        at="2026-11-25T13:06:00.000Z",
        state="received",
        template_id="round",
        checklist="Pump round",
    )
    made = ReportDetail(
        item=item,
        text="All else is fine.",
        media=(photo,),
        receipt=json.dumps(RECEIPT),
        template=ROUND,
        answers=ANSWERS,
        places={"loc-0": "Gate 2"},
    )
    fake.details["r1"] = made
    fake.put("acme/ana", item)
    fake.tell("activity")
    return made


def labels(widget):
    from ui.labels import TextLabel

    return [label.text() for label in widget.findChildren(TextLabel)]


def test_the_answers_are_read_in_words(qtbot, window, detail):
    window.show_item(detail.item)
    qtbot.waitUntil(window.report.answers.isVisible)
    words = labels(window.report.answers)
    for expected in ("Pump 7", "It <b>drips</b>\nonce a minute.", "4.5 bar", "Red", "Fail: worn", "leak.png", "Gate 2"):
        assert expected in words, expected
    assert any("24 December 2026" in one for one in words)
    assert {"Pump 1", "Pump 2", "North", "Pass"} <= set(words)
    assert "No answer" in words
    assert "Wear gloves." not in words


def test_a_report_without_a_checklist_has_no_answers(qtbot, window, fake, detail):
    plain = msgspec.structs.replace(detail, template=None, answers={})
    fake.details["r1"] = plain
    window.show_item(detail.item)
    qtbot.waitUntil(lambda: window.report.text.toPlainText() == "All else is fine.")
    assert window.report.answers.isHidden()
    assert window.report.correct.isHidden()


def test_a_refused_report_is_opened_where_the_server_named_it(qtbot, window, fake, detail):
    fake.templates.append(ROUND)
    fake.attached["m1"] = detail.media[0]
    item = msgspec.structs.replace(detail.item, state="needs_you", sentence="Check the pressure.")
    fake.details["r1"] = msgspec.structs.replace(detail, item=item, refused=True, refused_path="pressure", receipt=None)
    fake.put("acme/ana", item)
    window.show_item(item)
    qtbot.waitUntil(window.report.correct.isVisible)
    window.report.correct.click()
    page = window.checklist
    qtbot.waitUntil(page.isVisible)
    assert [one.instance_id for one in fake.commands if isinstance(one, ReopenReport)] == ["r1"]
    qtbot.waitUntil(lambda: page.form.is_built)
    assert page.form.answers == ANSWERS
    assert page.form.at("pressure").mark.isVisibleTo(page)
    qtbot.waitUntil(lambda: window.focusWidget() is page.form.at("pressure").line)
    assert page.drafts.draft_id == "r1"


def read_pdf(path):
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout


def test_a_pdf_has_it_all_on_numbered_pages_and_is_made_off_the_main_thread(qtbot, window, fake, detail, monkeypatch):
    threads = []
    real = report_pdf.read_scaled
    monkeypatch.setattr(
        report_pdf, "read_scaled", lambda *given: (threads.append(threading.current_thread().name), real(*given))[1]
    )
    fake.details["r1"] = msgspec.structs.replace(detail, text="All else is fine.\n" * 120)
    window.show_item(detail.item)
    qtbot.waitUntil(window.report.answers.isVisible)
    target = fake.folder / "report.pdf"
    window.report.save_pdf(str(target))
    qtbot.waitUntil(lambda: "is saved in" in window.report.exported.text())
    words = read_pdf(target)
    pages = words.count("\f")
    assert pages > 2
    for expected in (
        "Pump round",
        "Ana Silva",
        "It <b>drips</b>",
        "once a minute.",
        "4.5 bar",
        "24 December 2026",
        "Fail: worn",
        "Pump 2",
        "leak.png",
        "UTC",
        "the-version",
        "0011223344556677",
        f"Page 1 of {pages}",
        f"Page {pages} of {pages}",
    ):
        assert expected in words, expected
    assert 120 <= words.count("All else is ") < 120 + pages  # a line at an edge may be in both, clipped
    assert threads == ["pictures"]
    images = subprocess.run(
        ["pdfimages", "-list", target], capture_output=True, text=True, check=True, timeout=30
    ).stdout.splitlines()
    assert len(images) == 3


def test_a_pdf_that_cannot_be_written_is_said_and_leaves_nothing(qtbot, window, detail, tmp_path):
    window.show_item(detail.item)
    qtbot.waitUntil(window.report.answers.isVisible)
    window.report.save_pdf(str(tmp_path / "no such folder" / "report.pdf"))
    qtbot.waitUntil(lambda: "Nothing was saved" in window.report.exported.text())
    assert window.report.pdf.isEnabled()


def test_a_picture_that_is_none_is_named_on_the_page(qapp, detail, tmp_path):
    Path(detail.media[0].path).write_bytes(b"\x89PNG broken")
    paper = paper_of(detail, person="Ana", organization="", mirrored=True, font="")
    assert writing(paper, str(tmp_path / "a.pdf"))() == ""
    assert "could not be read here" in read_pdf(tmp_path / "a.pdf")
