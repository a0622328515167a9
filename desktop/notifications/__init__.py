"""Hints outside the window. Everything they say stands in the window too, and none carries what a report says."""
