"""People and how they are known: members, groups, grants, passwords, web sessions, tokens, enrolment, sign-in.

Functions of the shape (transaction, actor, command) -> result. Here must not be: HTTP, pages, what members' work means.
"""
