"""The operator's privacy policy as a text for people: its versions, what changed, and what members say to them.

Here must not be: the signed rules of an organization (`server.policy`), and anything that keeps somebody from working.
"""
