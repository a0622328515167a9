"""What reads files that strangers made, each time in a process of its own with little memory, time and no way out.

`running` starts such a process and judges how it ended; `child` is its first module: it takes the limits on itself,
then hands over to one task (`pictures`, `paper`, `stripping`). Here must not be: the database, the object store,
requests.
"""
