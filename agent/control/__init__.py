"""One agent for each profile, and how other programs of the same user reach it.

Here belong the profile's lock, the control socket with its two ends, and hand-over. Here must not be: what a command
does (that is the agent's), signals and windows (desktop's). Messages are those of `agent.api`, never pickled.

Windows has the lock and no control socket yet: Python offers no AF_UNIX there, and a named pipe that nobody has run
would only pretend. A second start on Windows therefore says that Miratag runs already.
"""
