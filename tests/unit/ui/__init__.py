"""Tests of `ui`, one module for each of its modules."""
