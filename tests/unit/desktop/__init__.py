"""Tests of `desktop`, one module for each of its modules."""
