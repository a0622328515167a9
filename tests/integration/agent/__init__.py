"""The agent core against a real server, real files and real processes."""
