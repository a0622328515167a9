"""Tests of `telemetry`, one module for each of its modules."""
