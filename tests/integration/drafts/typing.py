"""A process with the real Write card on the real agent, in which somebody types without a pause.

    python -m tests.integration.drafts.typing PROFILE [PHOTO]

It prints each letter's number before it is typed, and `attached` once the photo is a chip.
"""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from agent.runtime import LocalAgent
from agent.store.profile import Profile
from ui.bridge import AgentBridge
from ui.image_work import ImageWork
from ui.write_card import WriteCard

EVERY_MS = 10


def main(profile: str, photo: str = "") -> None:
    application = QApplication([])
    bridge = AgentBridge()
    card = WriteCard(bridge, ImageWork(application))
    bridge.changed.connect(lambda _what: card.refresh())
    agent = LocalAgent(Profile(profile), open_external=lambda _url: None)
    bridge.attach(agent)
    typed = 0
    attached = False

    def letter() -> None:
        nonlocal typed, attached
        if not card.drafts.account:
            return
        if photo and not typed:
            card.attachments.add_path(photo)
        if card.attachments.chips and not attached:
            attached = True
            sys.stdout.write("attached\n")
        typed += 1
        sys.stdout.write(f"{typed}\n")
        sys.stdout.flush()
        QTest.keyClick(card.box, "x")

    keys = QTimer(application, interval=EVERY_MS)
    keys.timeout.connect(letter)
    keys.start()
    card.show()
    application.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
