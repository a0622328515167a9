"""Texts in the person's language: compiled catalogues only, and the one function that installs them."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator


def install_translations(application: QCoreApplication) -> None:
    """Qt's own texts and ours for the system's language; English plurals where there is no catalogue of it."""
    locale = QLocale()
    ours = str(Path(__file__).parent)
    qt = QTranslator(application)
    if qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(qt)
    english = QTranslator(application)
    if english.load("miratag_en", ours):
        application.installTranslator(english)
    own = QTranslator(application)
    if own.load(locale, "miratag", "_", ours):
        application.installTranslator(own)
