"""The one version number of the distribution, and the version of the wire protocol it speaks."""

VERSION = "0.1.0"
PROTOCOL = 1
