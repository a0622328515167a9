"""Log data: installations that bear no member, and their records, kept once each as they came.

Here must not be: a member's id, a name, an address, or any way from an installation to a person.
"""
