"""Drafts, undoing, and searching what was filed: each on a real work.db."""
