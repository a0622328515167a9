"""The Debian package in a Debian that never saw this source: runs only by `make test-package`, as root."""
