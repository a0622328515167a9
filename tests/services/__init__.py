"""Real services, thrown away after the test: a display, a session bus, a Secret Service, a tray host, eyes and hands.

Context managers only. Each waits for its readiness on an event with a deadline, and ends what it started.
"""
