"""Checking in and out on this device: which event a press makes, and how long it can be undone.

Here belong decisions over `rules.attendance`. Here must not be: rows (`agent.store.attendance`), the network.
"""
