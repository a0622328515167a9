"""Log data on its way out: registers the installation, sends batches, and answers the Privacy page.

Here belongs what needs the network or the agent's own messages; what is recorded, kept and counted is `telemetry`. Here
must not be: anything that links an installation to a member.
"""
