"""Sync: operations come in and are kept once, changes go out in an order that skips nothing.

Here belong the envelope, the dispatch by kind and the full pull. Here must not be: what an operation does to reports or
attendance, which is in their folders, and the change feed, into which those publish (`server.feed`).
"""
