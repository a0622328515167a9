"""The places an organization names for checking in: adding, renaming, closing, listing.

Here must not be: who was where (that is attendance).
"""
