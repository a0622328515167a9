"""The Privacy centre, section by section, on the agent in memory."""
