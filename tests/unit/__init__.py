"""One package at a time, mirrored by folder: no server process, no display, no network."""
