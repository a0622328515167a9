"""What this system can tell of its person, for agent.attendance.senses: where the computer is, and when somebody last
used it. Nothing is asked here unless the agent asks, which it does only after the person allowed it. Each way is a
module that loads what it needs when it is first asked.
"""

import sys

from agent.attendance.senses import Senses


def senses_of_this_system(system: str = sys.platform) -> Senses:
    """What there is on this system; asking may still find nothing."""
    if system == "linux":
        from desktop.senses import geoclue

        return Senses(position=geoclue.find)
    if system == "win32":
        from desktop.senses import windows

        return Senses(position=windows.find)
    if system == "darwin":
        from desktop.senses import macos

        return Senses(position=macos.find)
    return Senses()
