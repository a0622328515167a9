"""The network by Qt, where the system is not Linux: it asks Windows and macOS their own way. Nothing is polled."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QNetworkInformation

_Reachability = QNetworkInformation.Reachability
# From least to most: a site without a way out may well hold the organization's server.
_ORDER = (_Reachability.Disconnected, _Reachability.Local, _Reachability.Site, _Reachability.Online)
_ENOUGH = _ORDER.index(_Reachability.Site)

_log = logging.getLogger(__name__)


class QtNetwork(QObject):
    """Needs an event loop on the thread that made it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._back: Callable[[], object] | None = None
        self._metered: Callable[[bool], object] | None = None
        self._was = _ENOUGH
        self._information: QNetworkInformation | None = None

    def watch(self, back: Callable[[], object], metered: Callable[[bool], object] = lambda _metered: None) -> None:
        if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            _log.info("the system does not tell when the network is back")
            return
        self._information = QNetworkInformation.instance()
        self._back = back
        self._was = _rank(self._information.reachability(), self._was)
        self._information.reachabilityChanged.connect(self.changed)
        if self._information.supports(QNetworkInformation.Feature.Metered):
            self._metered = metered
            self._information.isMeteredChanged.connect(self.metered_changed)
            self.metered_changed(self._information.isMetered())

    def close(self) -> None:
        self._back = None
        if self._information is not None:
            self._information.reachabilityChanged.disconnect(self.changed)
            if self._metered is not None:
                self._information.isMeteredChanged.disconnect(self.metered_changed)
                self._metered = None
            self._information = None

    @Slot(QNetworkInformation.Reachability)
    def changed(self, reachability: QNetworkInformation.Reachability) -> None:
        """It became more, or less. A site that gets its way out counts too: the server may be out there."""
        before, self._was = self._was, _rank(reachability, self._was)
        if self._back is not None and self._was > before and self._was >= _ENOUGH:
            self._back()

    @Slot(bool)
    def metered_changed(self, metered: bool) -> None:
        """The network in use costs by the byte, or does no longer."""
        if self._metered is not None:
            self._metered(metered)


def _rank(reachability: QNetworkInformation.Reachability, unknown: int) -> int:
    return _ORDER.index(reachability) if reachability in _ORDER else unknown
