"""Attendance: an append-only list of events, judged as a whole each time one is added, and never refused for its story.

Here must not be: pairing itself where `rules.attendance` does it for both ends, HTTP, who may see what.
"""
