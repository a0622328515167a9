"""The real `miratag` program against a real server."""
