"""Schedules: which shifts there are and whom they are for, holidays, who is expected and did not come.

Here must not be: what a shift means as instants (`rules.shifts`), what people did (`server.attendance`).
"""
