"""Drafts of the real app: killed while typing, and sent to a real server or taken back before."""
