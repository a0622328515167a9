"""Tool tips say what others wrote as it is: markup in them would be carried out, and read files."""

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QLabel

import ui
from agent.api import Attached
from ui.attachments import Chip
from ui.labels import LineLabel
from ui.tool_tip import plain_tip

EVIL = '<img src="file:///etc/passwd">\n<b>Gate</b> & "yard"'
HARMLESS = ("tr", "explanation", "toString")
"""What gives words of the program's own."""


def shown(tip: str) -> str:
    """What a tool tip with that text says."""
    if not Qt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


@pytest.mark.parametrize("words", ["Gate 2", "a < b & c", EVIL, "<b>x</b>", ""])
def test_it_says_the_words_themselves(qapp, words):
    assert shown(plain_tip(words)).split() == words.split()


def test_a_label_and_a_file_of_others(qtbot, fake):
    label = LineLabel(EVIL)
    qtbot.addWidget(label)
    label.resize(20, 20)
    label.setText(EVIL)
    assert shown(label.toolTip()).split() == EVIL.split()
    attached = Attached(
        media_id="m", name=EVIL, size=1, content_type="image/png", spool_path="", metadata_removed=False, thumbnail=None
    )
    chip = Chip(attached, "acme/ana")
    qtbot.addWidget(chip)
    tips = [one.toolTip() for one in (*chip.findChildren(QLabel), chip.remove)]
    assert not any(Qt.mightBeRichText(tip) and "&lt;img" not in tip for tip in tips)


def test_every_tool_tip_is_plain_or_the_programs_own():
    for path in sorted(Path(ui.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setToolTip":
                assert is_plain(node.args[0]), f"{path}:{node.lineno}: set plain_tip(…) as the tool tip"


def is_plain(given: ast.expr) -> bool:
    if isinstance(given, ast.IfExp):
        return is_plain(given.body) and is_plain(given.orelse)
    if isinstance(given, ast.Constant):
        return True
    if not isinstance(given, ast.Call):
        return False
    called = given.func.attr if isinstance(given.func, ast.Attribute) else getattr(given.func, "id", "")
    return called == "plain_tip" or called in HARMLESS
