"""Passing log data on, where the operator set that up: to a collector instead of keeping it, and what people allowed
for outside analytics to that service.

Here belong the queue in the database, the requests, and the thread that makes them. Here must not be: what a record may
hold (`server.logs`), a member, an address of a worker, or anything that nobody allowed.
"""
