"""Reports: revisions kept side by side, their files announced, and the reads that pages and devices are served from.

Here must not be: how files arrive (`server.media`), who may see what (`server.accounts.scope`), HTTP.
"""
