"""Tests of `rules`, one module for each of its modules."""
