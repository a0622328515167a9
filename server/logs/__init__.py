"""Log data: installations that bear no member, and their records, kept once each as they came;
and the numbers that the public pages count.

Here must not be: a member's id, a name, an address, or any way from an installation to a person.
"""
