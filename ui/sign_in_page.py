"""Signing in: the server's address, then the browser or an enrolment code."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from agent.api import AgentError, CancelSignIn, SignIn
from ui.bridge import AgentBridge
from ui.buttons import PrimaryButton
from ui.labels import TextLabel
from ui.page import Page
from ui.theme.scale import XS, S, spaced


class SignInPage(Page):
    """Stands alone when there is no account, and adds another one later."""

    done = Signal()

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(self.tr("Sign in"))
        self._bridge = bridge
        self._waiting = False
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://")
        self.address.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.browser = PrimaryButton(self.tr("Sign in with the &browser"))
        self.have_code = QCheckBox(self.tr("I have an &enrolment code"))
        self.code = QLineEdit()
        self.use_code = QPushButton(self.tr("Sign in with the &code"))
        self.progress = TextLabel()
        self.cancel = QPushButton(self.tr("&Cancel"))
        self.sentence = TextLabel(ink="bad")
        self._build()
        self._connect()
        self._judge()

    def _build(self) -> None:
        welcome = self.tr(
            "Your organization runs the server that receives your reports. Its address is in the invitation "
            "you were sent; whoever runs it can tell you, too."
        )
        self.column.addWidget(TextLabel(welcome))
        self._add_field(self.tr("Server &address"), self.address)
        self.column.addWidget(self.browser)
        waiting = spaced(QHBoxLayout(), gap=S)
        waiting.addWidget(self.progress, 1)
        waiting.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(waiting)
        self.column.addWidget(self.sentence)
        self.column.addWidget(self.have_code, 0, Qt.AlignmentFlag.AlignLeading)
        self._code_label = self._add_field(self.tr("&One-time enrolment code"), self.code)
        self.column.addWidget(self.use_code, 0, Qt.AlignmentFlag.AlignLeading)
        self.column.addStretch(1)
        for widget in (self.progress, self.cancel, self.sentence):
            widget.hide()
        self._show_code(shown=False)

    def _add_field(self, words: str, field: QLineEdit) -> QLabel:
        label = QLabel(words)
        label.setBuddy(field)
        field.setAccessibleName(words.replace("&", ""))
        column = spaced(QVBoxLayout(), gap=XS)
        column.addWidget(label)
        column.addWidget(field)
        self.column.addLayout(column)
        return label

    def _connect(self) -> None:
        self.address.textChanged.connect(self._judge)
        self.code.textChanged.connect(self._judge)
        self.address.returnPressed.connect(self.browser.click)
        self.code.returnPressed.connect(self.use_code.click)
        self.have_code.toggled.connect(lambda on: self._show_code(shown=on))
        self.browser.clicked.connect(self.sign_in_with_browser)
        self.use_code.clicked.connect(lambda: self._start(self.code.text().strip()))
        self.cancel.clicked.connect(lambda: self._bridge.submit(CancelSignIn(), self))

    def begin(self, server_url: str = "") -> None:
        """Put the cursor where it belongs; an address that is known is filled in."""
        if server_url and not self._waiting:
            self.address.setText(server_url)
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def sign_in_with_browser(self) -> None:
        """Open the browser and wait for it."""
        self._start(None)

    def _start(self, code: str | None) -> None:
        address = complete_address(self.address.text())
        if self._waiting or not address:
            return
        self.address.setText(address)
        self.sentence.show_text("")
        words = (
            self.tr(
                "Your browser shows the sign-in page. Finish there, then come back here. "
                "If no page has opened, cancel and check that a browser is set as your default."
            )
            if code is None
            else self.tr("Signing in…")
        )
        self._set_waiting(words)
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bridge.submit(SignIn(server_url=address, enrolment_code=code), self, self._signed_in, self._failed)

    def _signed_in(self, _result: object) -> None:
        self.code.clear()
        self.have_code.setChecked(False)
        self._set_waiting("")
        self.done.emit()

    def _failed(self, error: AgentError) -> None:
        self._set_waiting("")
        self.sentence.show_text(error.sentence)
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_waiting(self, words: str) -> None:
        self._waiting = bool(words)
        self.progress.show_text(words)
        self.cancel.setVisible(self._waiting)
        self._judge()

    def _judge(self) -> None:
        address, code = bool(complete_address(self.address.text())), bool(self.code.text().strip())
        for widget in (self.address, self.code, self.have_code):
            widget.setEnabled(not self._waiting)
        self.browser.setEnabled(address and not self._waiting)
        self.use_code.setEnabled(address and code and not self._waiting)

    def _show_code(self, *, shown: bool) -> None:
        self._code_label.setVisible(shown)
        self.code.setVisible(shown)
        self.use_code.setVisible(shown)
        if shown:
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)


def complete_address(typed: str) -> str:
    """What a person types as an address, with its scheme; the server itself decides whether it is a good one."""
    address = typed.strip().rstrip("/")
    if not address or address in ("https:", "http:"):
        return ""
    if "://" in address:
        return address
    host = address.partition("/")[0].partition(":")[0]
    return f"{'http' if host in ('localhost', '127.0.0.1') else 'https'}://{address}"
