"""The rules of the house, each checked over the whole repository."""
