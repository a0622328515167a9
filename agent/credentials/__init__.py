"""Refresh tokens at rest and access tokens in memory: where they are kept, and how one becomes the next.

Here belong the stores of secrets and the one place that refreshes them. Here must not be: how a person signs in
(`agent.signin`), and any secret in a log line, an argument, a repr or the text of an exception.
"""
