"""Whether to be thrifty now: the network costs by the byte, or the power is the battery's.

Here belongs how each system is asked, once and only when the agent has something to send that can wait. Here must not
be: what follows from the answer, which is the agent's to decide.
"""
