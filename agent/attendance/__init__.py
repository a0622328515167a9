"""Attendance on this device: which event a press makes, how long it can be undone, what a person says afterwards.

Here belong decisions over `rules.attendance`, and what the device knows of its networks. Here
must not be: rows (`agent.store.attendance`), the network.
"""
