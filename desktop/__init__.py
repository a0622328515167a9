"""The program: entry points, wiring, tray, and everything that touches the operating system.

Never imports `server`: the desktop bundle does not carry it.
"""
