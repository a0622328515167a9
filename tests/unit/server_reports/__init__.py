"""Drafts of checklists: their fields in one column, and what changed."""
