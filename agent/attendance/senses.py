"""What the agent may ask this computer about its person: ports, filled by `desktop`. Each is asked only after the
person allowed it, and a computer that does not tell is like one that has no such sense."""

from collections.abc import Callable
from typing import NamedTuple

from protocol.operations import Position

FindPosition = Callable[[float], Position | None]
"""Where this computer is: blocks for at most so many seconds, never raises, None where it is not told, whyever."""


class Senses(NamedTuple):
    """None where this computer has no such sense."""

    position: FindPosition | None = None
