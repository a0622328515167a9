"""Hints outside the window. Everything they say stands in the window too; of a report none carries but the title."""
