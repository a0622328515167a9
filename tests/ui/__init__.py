"""Tests of windows and tray against a hand-written agent that keeps its promises in memory."""
