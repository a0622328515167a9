"""Log data: catalog, consent, redaction, queue, batches, ledger. Knows neither Qt nor the network.

What may be recorded is declared in `telemetry.catalog`; whoever sends asks this package for a batch and reports the
reply. Nothing here imports `agent`, `desktop`, `ui` or `server`.
"""
