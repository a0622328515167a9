"""Mirrors server/web."""
