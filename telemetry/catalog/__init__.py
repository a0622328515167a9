"""The catalog: every event that log data may hold, declared once, with its purpose, fields, retention and expiry.

Here belong declarations and the pure checks over them. Here must not be: I/O, consent, redaction, encoding; nothing
but the standard library and msgspec is imported, because the server reads the catalog too. An event that is not
declared here is never recorded.
"""

from telemetry.catalog.declaration import (
    Category,
    Declaration,
    Event,
    FieldDeclaration,
    Scalar,
    UndeclaredEventError,
    WrongFieldsError,
    attributes,
    declaration_of,
    parse,
)
from telemetry.catalog.events import EVENTS

__all__ = [
    "EVENTS",
    "Category",
    "Declaration",
    "Event",
    "FieldDeclaration",
    "Scalar",
    "UndeclaredEventError",
    "WrongFieldsError",
    "attributes",
    "declaration_of",
    "parse",
]
