"""Tests of `protocol`, one module for each of its modules."""
