"""A person's report in the browser: written, corrected, copied, with its files and its checklist.

`form` is what a page holds between two requests and gives back whole, whatever was wrong; `pages` shows and takes it.
Works without a script; with one (`static/filing.js`) parts of the same pages are exchanged. Here must not be: what
makes a report, which is one operation for every client (`server.sync.filing`), or what a checklist means
(`rules.templates`).
"""
