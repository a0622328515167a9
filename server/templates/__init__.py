"""Checklists: their versions published, retired and read, and the answers of reports held against them.

Here must not be: what a template means and whether answers fit (`rules.templates`), pages, reports.
"""
