"""Where the server keeps things: tables, migrations, transactions bound to one organization, and media objects.

Here must not be: what a table's rows mean to a worker or a manager; that is in the areas.
"""
