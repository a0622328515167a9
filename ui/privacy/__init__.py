"""The Privacy centre: one quiet overview that leads into sections, each a page of its own.

Here belongs what a person reads and chooses about what leaves this computer, one module a section, and what only these
share: the way from page to page, lists that are read page by page, asking in place. Words and numbers that the rest of
the window shows too are in `ui.wording`; what is chosen and counted is the agent's.
"""
