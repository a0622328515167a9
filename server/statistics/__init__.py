"""Numbers about many organizations, for the operator who improves the software: a fixed list, of whole weeks, rounded
so far that no organization shows in them; or no number at all.

Here must not be: a number about one organization (`server.logs.statistics` has those, for its own admins), a choice of
organizations, days or people.
"""
