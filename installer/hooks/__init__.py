"""Hooks of ours that stand before those of PyInstaller; one for each package that these take too much of."""
