"""What the program needs to know of the network."""

from collections.abc import Callable
from typing import Protocol


class NetworkPort(Protocol):
    """Silent where the system tells nothing: the agent then tries again by its own clock."""

    def watch(self, back: Callable[[], object]) -> None:
        """Call `back`, on any thread, whenever there is a network again after there was none, until closed."""

    def close(self) -> None:
        """No call begins after this."""
