"""The API of docs/wire.md: decodes requests, calls the areas, encodes replies. Decides nothing, knows no page."""
