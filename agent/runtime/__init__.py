"""The agent in one process: lanes, rounds and accounts put together behind `agent.api`.

Here belong the wiring and what the interface is told. Here must not be: anything that could be decided without a
thread (the packages beside this one), Qt.
"""

from agent.runtime.local_agent import LocalAgent

__all__ = ["LocalAgent"]
