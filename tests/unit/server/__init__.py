"""Tests of `server`, one module for each of its modules."""
