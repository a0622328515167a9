"""The organization's policy document: signed, numbered, and only ever replaced by a higher number.

Here must not be: anything that grants consent for a person; a policy can only lower.
"""
