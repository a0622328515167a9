"""`miratag --self-test`: shows that this installation has what it needs. It changes nothing and connects to nothing.

Written for the frozen bundle, where a library can be missing that every source tree has; it runs from source as well.
"""

import base64
import os
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

KEYRING_SECONDS = 10.0

# Two by two pixels in each format that a photo, a picture or an icon comes in.
IMAGES = {
    "png": "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGM8IWfDwMDAxMDAwMDAAAAO"
    "TgEmR2hJIgAAAABJRU5ErkJggg==",
    "jpeg": "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////////"
    "////////////////2wBDAf//////////////////////////////////////////////////////////////////////////////////////"
    "wAARCAACAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAH/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAA"
    "AAAAAAL/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCAC3//2Q==",
    "webp": "UklGRjgAAABXRUJQVlA4ICwAAACQAQCdASoCAAIAAUAmJaACdLoAA5gA/vD6K67xaUa/+8Z//cZ//cZ/7uAAAA==",
    "gif": "R0lGODdhAgACAIEAAMgePAAAAAAAAAAAACwAAAAAAgACAAAIBgABCAQQEAA7",
    "svg": base64.b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><rect width="2" height="2" fill="red"/></svg>'
    ).decode(),
}

# Sixteen by sixteen pixels as a telephone keeps them.
HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAa1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRt"
    "AAAAAAACAAAAEGlkYXQAAAAAABAAEAAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHRAAEAAAAAAAAAJgACAAEAAAAAAAAAAQAAAAAAAAAIAAAA"
    "OGlpbmYAAAAAAAIAAAAVaW5mZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADYaXBycAAAALZpcGNvAAAAdmh2Y0MBA3AA"
    "AAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEMAf//A3AAAAMAkAAAAwAAAwAeugJAIQABACpCAQEDcAAAAwCQAAADAAADAB6gIIEFluqumubg"
    "QEDAgAAAAwCAAAADAIQiAAEABkQBwXPBiQAAABRpc3BlAAAAAAAAAEAAAABAAAAAFGlzcGUAAAAAAAAAEAAAABAAAAAQcGl4aQAAAAADCAgI"
    "AAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGltZwACAAEAAQAAAC5tZGF0AAAAIigBrwQSE0zg+OnCaD/V7+0l"
    "X+7yftCrK+NJn3exGJKp/6A="
)


class SelfTestError(Exception):
    """What is missing, for a person."""


def run_self_test(say: Callable[[str], object] = print) -> int:
    """Say one line for each check: `ok NAME: fact` or `FAILED NAME: what is wrong`. Returns 1 if one failed, else 0."""
    failed = False
    for name, check in CHECKS.items():
        try:
            say(f"ok      {name}: {check()}")
        except Exception as error:  # noqa: BLE001 - whatever a check meets is its answer, and the next one still runs
            failed = True
            say(f"FAILED  {name}: {error}")
    return 1 if failed else 0


def check_keyring() -> str:
    """The backend's code is here, and where a keyring runs, it keeps and forgets an entry."""
    import importlib

    from agent.credentials.os_keyring import BACKENDS, KeyringAbsentError, KeyringStore

    backends = BACKENDS.get(sys.platform, ())
    if not backends:
        raise SelfTestError(f"no keyring is known for {sys.platform}")
    names = [importlib.import_module(module).__name__.rpartition(".")[2] for module, _ in backends]
    try:
        KeyringStore("self-test", timeout=KEYRING_SECONDS).check_writable()
    except KeyringAbsentError:
        return f"{', '.join(names)} can be used; no keyring runs here, so a sign-in lasts until Miratag closes"
    return f"{', '.join(names)} can be used; an entry was kept and removed"


def check_trust() -> str:
    """The operating system's trust store is found, and a certificate that it does not know is refused."""
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
        raise SelfTestError("certificates would not be checked")
    if sys.platform != "linux":
        return "certificates are checked by the operating system"
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")  # this is what loads them
    folder = ssl.get_default_verify_paths().capath
    inner = context._ctx  # truststore counts for nobody, and a folder of certificates is not counted by ssl either
    known = inner.cert_store_stats()["x509_ca"] or (len(list(Path(folder).glob("*.0"))) if folder else 0)
    if not known:
        raise SelfTestError("this computer trusts no certificate authority. Install its package ca-certificates")
    return f"{known} certificate authorities of this computer, {ssl.OPENSSL_VERSION}"


def check_database() -> str:
    """A database is made, migrated, and written with the settings that keep work over a crash."""
    import sqlite3

    from agent.accounts.directory import account_migrations
    from agent.store.profile import Profile
    from agent.store.state import open_state
    from agent.store.writer import Writer

    with tempfile.TemporaryDirectory(prefix="miratag-self-test-") as folder:
        profile = Profile(Path(folder) / "profile")
        profile.prepare()
        writer = Writer()
        try:
            state = open_state(profile, writer, account_migrations)
            mode = state.write(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()[0]).result(10)
        finally:
            writer.close()
        if mode != "wal":
            raise SelfTestError(f"the database keeps its journal as {mode}, not as wal")
    return f"SQLite {sqlite3.sqlite_version}, {mode}, migrated"


def check_images() -> str:
    """Every format that a report's photo may have is decoded."""
    from PySide6.QtGui import QImage

    missing = [name for name, data in IMAGES.items() if QImage.fromData(base64.b64decode(data)).width() != 2]
    if missing:
        raise SelfTestError(f"cannot show {', '.join(missing)}")
    return ", ".join(IMAGES)


def check_thumbnails() -> str:
    """A thumbnail is made of each format that a telephone photographs in."""
    from agent.media.pictures import thumbnail
    from rules.media.kinds import SNIFF_BYTES, sniff

    pictures = {name: IMAGES[name] for name in ("png", "jpeg", "webp", "gif")} | {"heic": HEIC}
    with tempfile.TemporaryDirectory(prefix="miratag-self-test-") as folder:
        for name, data in pictures.items():
            path = Path(folder) / name
            path.write_bytes(base64.b64decode(data))
            if thumbnail(path, sniff(path.read_bytes()[:SNIFF_BYTES])) is None:
                raise SelfTestError(f"cannot make one of {name}")
    return ", ".join(pictures)


def check_tray() -> str:
    """Qt starts on this display, and puts an icon into the tray where there is one."""
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QColor, QIcon, QPixmap
    from PySide6.QtWidgets import QApplication, QSystemTrayIcon

    if threading.current_thread() is not threading.main_thread():
        raise SelfTestError("Qt starts on the main thread only")
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QCoreApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise SelfTestError("Qt runs without windows here")
    platform = application.platformName()
    if not QSystemTrayIcon.isSystemTrayAvailable():
        return f"no tray on this display ({platform}); the window's menu has everything"
    pixmap = QPixmap(22, 22)
    pixmap.fill(QColor("red"))
    icon = QSystemTrayIcon(QIcon(pixmap))
    icon.show()
    application.processEvents()
    shown = icon.isVisible()
    icon.hide()
    if not shown:
        raise SelfTestError(f"the tray of this display ({platform}) did not take the icon")
    return f"the tray of this display ({platform}) took the icon"


CHECKS: dict[str, Callable[[], str]] = {
    "keyring": check_keyring,
    "trust": check_trust,
    "database": check_database,
    "images": check_images,
    "thumbnails": check_thumbnails,
    "tray": check_tray,
}
