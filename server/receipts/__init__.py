"""Receipts and the keys that sign them: the server's word that it holds a report in full.

Here must not be: what a report means, or how its files come; verification is in `rules`, as both ends do it.
"""
