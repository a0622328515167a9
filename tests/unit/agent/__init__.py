"""Tests of `agent`, one module for each of its modules."""
