"""What the agent may ask this computer about its person: ports, filled by `desktop`. Each is asked only after the
person allowed it, and a computer that does not tell is like one that has no such sense."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from protocol.operations import Position

FindPosition = Callable[[float], Position | None]
"""Where this computer is: blocks for at most so many seconds, never raises, None where it is not told, whyever."""


IdleSeconds = Callable[[], float | None]
"""For how long nobody has used this computer: answers within about a second, never raises, None where it is not
told."""


class Watching(Protocol):
    """Something that listens until it is closed."""

    def close(self) -> None:
        """Nothing is heard after this."""
        ...


WatchLeaving = Callable[[Callable[[], None]], Watching]
"""Calls what it is given, on a thread of its own, whenever the computer is locked or goes to sleep."""


class Senses(NamedTuple):
    """None where this computer has no such sense."""

    position: FindPosition | None = None
    idle: IdleSeconds | None = None
    leaving: WatchLeaving | None = None
