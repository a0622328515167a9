"""What msgspec raises over bytes that another machine made."""

import msgspec

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Catch these and no fewer around every decode of somebody else's JSON: what is not JSON or of another shape, text that
is not UTF-8, and nesting deeper than the interpreter's stack."""
