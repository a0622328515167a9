"""Sync: operations come in and are kept once, changes go out in an order that skips nothing.

Here belong the envelope, the dispatch by kind, the change feed and the full pull. Here must not be: what an operation
does to reports or attendance; that is in their folders.
"""
