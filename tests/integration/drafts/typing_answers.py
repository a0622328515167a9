"""A process with the real page of a checklist on the real agent, in which somebody answers without a pause.

    python -m tests.integration.drafts.typing_answers PROFILE

The profile knows `tests.checklist.ROUND`. It prints each letter's number before it is typed.
"""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from agent.runtime import LocalAgent
from agent.store.profile import Profile
from tests.checklist import ROUND
from tests.integration.drafts.typing import EVERY_MS
from ui.bridge import AgentBridge
from ui.checklist_page import ChecklistPage
from ui.image_work import ImageWork
from ui.write_card import WriteCard


def main(profile: str) -> None:
    application = QApplication([])
    bridge, images = AgentBridge(), ImageWork(application)
    card, page = WriteCard(bridge, images), ChecklistPage(bridge, images)
    bridge.changed.connect(lambda _what: card.refresh())
    card.checklist_opened.connect(page.begin)
    agent = LocalAgent(Profile(profile), open_external=lambda _url: None)
    bridge.attach(agent)
    typed = 0
    begun = False

    def letter() -> None:
        nonlocal typed, begun
        if card.drafts.account and not begun:
            begun = True
            card.begin_checklist(ROUND.template_id)
        field = page.form.at("remarks") if page.form is not None else None
        if field is None:
            return
        typed += 1
        sys.stdout.write(f"{typed}\n")
        sys.stdout.flush()
        QTest.keyClick(field.box, "x")  # type: ignore[attr-defined]

    keys = QTimer(application, interval=EVERY_MS)
    keys.timeout.connect(letter)
    keys.start()
    page.show()
    application.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
