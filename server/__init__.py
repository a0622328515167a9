"""The organization's side: API, web pages, storage. Never in the desktop bundle.

`server.api` and `server.web` never import each other; both call functions of the areas (`server.accounts`,
`server.reports`, …) of the shape (transaction, actor, command) -> result. Imports `rules`, `protocol` and
`telemetry.catalog` only.
"""
