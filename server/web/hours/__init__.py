"""The pages of working time: checking in and out, timesheets, corrections, closed days, shifts, and taking it away.

Here must not be: who is in and the list of what was recorded (`server.web.attendance`), and what hours are (`rules`).
"""
