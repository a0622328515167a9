"""What time it is on this device, in every reading that is needed to judge it later.

Here belong the operating systems' clocks behind one port, their word that a clock was set, and the making of a
`protocol.moment.Moment`. Here must not be: judging a time (`rules.clock`), schedules (`agent.schedule`).
"""

from agent.clock.device import BootClock, boot_clock
from agent.clock.moments import Clock, Confirmation

__all__ = ["BootClock", "Clock", "Confirmation", "boot_clock"]
