"""What the program needs to know of the network."""

from collections.abc import Callable
from typing import Protocol


class NetworkPort(Protocol):
    """Silent where the system tells nothing: the agent then tries again by its own clock."""

    def watch(self, back: Callable[[], object], metered: Callable[[bool], object] = lambda _metered: None) -> None:
        """Call `back` whenever there is a network again after there was none, and `metered` when it begins or ceases to
        cost, where that is told and not only to be asked (desktop.thrift); both on any thread, until closed."""

    def close(self) -> None:
        """No call begins after this."""
