"""What waits to go, what a reply means for it, and how much of it goes at once.

Here belong pure decisions: batches, the table of outcomes. Here must not be: requests (`agent.sync`), rows
(`agent.store`).
"""
