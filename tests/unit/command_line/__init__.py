"""Tests of desktop.program and desktop.command_line."""
