"""The messages that client and server speak: msgspec Structs and nothing else.

Here belong types and the constants of the wire. Here must not be: I/O, clocks, randomness, decisions (those are in
`rules`), and no import of any other package of this repository. Unknown fields are ignored, so that an old end meets a
newer one; a wrong type is refused by msgspec with the path of the field. docs/wire.md tells which message goes where.
"""
