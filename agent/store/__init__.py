"""What the agent keeps on disk: where, in which tables, and who may write.

Here belong the profile's paths, opening and migrating databases, the one writer, and the reads and writes of each
table. Here must not be: the network, decisions about what a reply means (`agent.outbox`), anything shown to a person
but the sentence of an error.
"""
