"""A demo organization with made-up people, to look around in. Nothing of it is used by a real organization."""
