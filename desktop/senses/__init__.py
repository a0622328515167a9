"""What this system can tell of its person, for agent.attendance.senses: where the computer is, and when somebody last
used it. Nothing is asked here unless the agent asks, which it does only after the person allowed it. Each way is a
module that loads what it needs when it is first asked.
"""

import sys

from agent.attendance.senses import Senses


def senses_of_this_system(system: str = sys.platform) -> Senses:
    """What there is on this system; asking may still find nothing."""
    if system == "linux":
        from desktop.senses import geoclue, idle_on_linux, leaving_on_linux

        return Senses(position=geoclue.find, idle=idle_on_linux.idle_seconds, leaving=leaving_on_linux.Leaving)
    if system == "win32":
        from desktop.senses import idle_elsewhere, windows

        return Senses(position=windows.find, idle=idle_elsewhere.on_windows)
    if system == "darwin":
        from desktop.senses import idle_elsewhere, macos

        return Senses(position=macos.find, idle=idle_elsewhere.on_macos)
    return Senses()
