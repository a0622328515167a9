"""The switch that lets place, device and file name travel with what is attached."""

from agent.api import AgentError, SetKeepDetails
from ui.bridge import AgentBridge
from ui.switch import Switch


class KeepDetails(Switch):
    """Off unless the person switches it on; every one of them shows what the agent keeps."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.setText(self.tr("Keep place, device and file name"))
        self.setToolTip(self.explanation())
        self.setAccessibleDescription(self.explanation())
        self.clicked.connect(self._switched)
        bridge.changed.connect(self._hear)
        self._show()

    def explanation(self) -> str:
        """What the switch does, in a sentence or two."""
        return self.tr(
            "For what you add from now on. Off: where and when a photo, video or recording was made, with what, and its"
            " own name are left out."
        )

    def _switched(self, keep: bool) -> None:
        account = self._bridge.snapshot().current
        if account is not None:
            self._bridge.submit(SetKeepDetails(account=account, keep=keep), self, None, self._failed)

    def _failed(self, error: AgentError) -> None:
        self._show()
        self._bridge.trouble.emit(error.sentence)

    def _hear(self, what: frozenset[str]) -> None:
        if "snapshot" in what:
            self._show()

    def _show(self) -> None:
        snapshot = self._bridge.snapshot()
        self.setChecked(snapshot.keeps_details)
        self.setEnabled(snapshot.current is not None)
