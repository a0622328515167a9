"""Talking to the organization's server: what waits goes up, what changed comes down, files follow.

Here belong a round of sync, a round of uploads and what an unreachable or unwilling server means for the connection.
Here must not be: when rounds happen (`agent.runtime`, `agent.schedule`), what is shown.
"""
