"""Tool tips. Qt takes whatever looks like markup for it, and then reads the files that it names."""

from PySide6.QtGui import Qt


def plain_tip(words: str) -> str:
    """What to set as a tool tip so that it says `words` as they are, whoever wrote them."""
    if not Qt.mightBeRichText(words):
        return words
    return Qt.convertFromPlainText(words, Qt.WhiteSpaceMode.WhiteSpaceNormal)
