"""What the operating system says of the network, behind a port. What follows from it is the agent's to decide."""
