"""Texts in the person's language: catalogues, and the one function that installs them."""

from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLibraryInfo, QLocale, QTranslator

# Which side lines begin on is a text that Qt asks for. Each catalogue has it, so that the layout always fits the words
# that are shown, also where the system's language has none and they are English.
QT_TRANSLATE_NOOP("QGuiApplication", "QT_LAYOUT_DIRECTION")


def install_translations(application: QCoreApplication) -> None:
    """Ours for the system's language and Qt's own in the same; English plurals where there is no catalogue of it."""
    locale = QLocale()
    ours = str(Path(__file__).parent)
    own = QTranslator(application)
    if own.load(locale, "miratag", "_", ours):
        locale = QLocale(own.language())
    qt = QTranslator(application)
    if qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(qt)
    english = QTranslator(application)
    if english.load("miratag_en", ours):
        application.installTranslator(english)
    if not own.isEmpty():
        application.installTranslator(own)
