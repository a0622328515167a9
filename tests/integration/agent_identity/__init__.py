"""Sign-in and token renewal against a real server, with kills between any two steps."""
