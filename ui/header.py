"""The top of the window: organization, person, connection in words, and the gear."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from agent.api import LinkState, Snapshot
from ui import wording
from ui.buttons import IconButton, MenuButton
from ui.labels import LineLabel
from ui.theme.colours import colours
from ui.theme.icons import pixmap
from ui.theme.scale import XS, M, S, Type, spaced

_SHAPES: dict[LinkState, tuple[str, str]] = {
    "unknown": ("waiting", "muted"),
    "online": ("online", "good"),
    "offline": ("offline", "muted"),
    "server_trouble": ("offline", "warn"),
    "sign_in_needed": ("needs_you", "warn"),
    "untrusted": ("needs_you", "bad"),
    "signed_out": ("offline", "muted"),
}
_DOT = 14


class Header(QWidget):
    """Shows the snapshot; the two menus are filled by whoever owns them."""

    def __init__(self, accounts: QMenu, main: QMenu) -> None:
        super().__init__()
        self._link: LinkState = "unknown"
        self.organization = LineLabel(step=Type.TITLE)
        self.person = MenuButton("person")
        self.person.setMenu(accounts)
        self.gear = IconButton("gear", self.tr("Menu"))
        self.gear.clicked.connect(lambda: main.popup(self._under_gear(main)))
        self.dot = QLabel()
        self.connection = LineLabel(ink="muted")
        first = spaced(QHBoxLayout(), gap=S)
        first.addWidget(self.organization, 1)
        first.addWidget(self.gear)
        second = spaced(QHBoxLayout(), gap=XS)
        second.addWidget(self.person)
        second.addSpacing(S)
        second.addWidget(self.dot)
        second.addWidget(self.connection, 1)
        column = spaced(QVBoxLayout(self), gap=0)
        column.setContentsMargins(M, S, S, 0)
        column.addLayout(first)
        column.addLayout(second)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._show_dot()

    def _under_gear(self, menu: QMenu) -> QPoint:
        corner = self.gear.mapToGlobal(QPoint(0, self.gear.height()))
        if self.isRightToLeft():
            return corner
        return QPoint(corner.x() + self.gear.width() - menu.sizeHint().width(), corner.y())

    def refresh(self, snapshot: Snapshot) -> None:
        """Who, where and how connected."""
        account = wording.current_account(snapshot)
        self.organization.setText(account.organization if account else "")
        name = account.name if account else ""
        self.person.setText(name if len(name) <= 24 else f"{name[:23]}…")
        self.person.setToolTip(self.tr("Accounts"))
        words = wording.link(snapshot.link)
        if account is not None and account.signed_in and account.credentials == "memory":
            words = wording.joined(words, self.tr("signed in until you quit"))
        self.connection.setText(words)
        self._link = snapshot.link
        self._show_dot()

    def _show_dot(self) -> None:
        shape, ink = _SHAPES[self._link]
        self.dot.setPixmap(pixmap(shape, getattr(colours(), ink), _DOT, self.devicePixelRatioF()))
