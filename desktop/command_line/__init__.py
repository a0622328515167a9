"""What `miratag` does without a window: each command, the headless agent and the demonstration.

Here belong reading arguments, printing, and exit codes. Here must not be: Qt, the server (the demonstration starts it
as a program), and what a command does to the work, which is the agent's.
"""
