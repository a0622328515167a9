"""Pure logic that both ends share: templates and their answers, what a file is and what it tells,
receipt verification, attendance pairing, its clock and hours, shifts, the text of a report, the addresses of servers.

Here belong functions of their arguments. Here must not be: I/O, a clock or randomness of their own, knowledge of a
database, a window or a request. Imports `protocol` only.
"""
