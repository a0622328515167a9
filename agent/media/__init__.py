"""Files of a report: into the spool, and from there to the server.

Here belong what a file is and may be named, removing its metadata, the spool folder and resumable uploads. Here must
not be: the database (`agent.store`), when something is sent (`agent.sync`).
"""
