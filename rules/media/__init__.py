"""What a file is, what it may be called, and a copy of it that does not tell of place, person and device.

An app does this before a file leaves its computer; a browser cannot, so the server does it before a file is kept.
"""
