"""Alembic's environment and the steps of the schema. Here must not be: anything that a request runs."""
