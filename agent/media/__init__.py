"""Files of a report: into the spool, and from there to the server.

Here belong the spool folder, pictures made smaller and resumable uploads. Here must not be: what a file is and may be
named, and removing its metadata (`rules.media`), the database (`agent.store`), when something is sent (`agent.sync`).
"""
