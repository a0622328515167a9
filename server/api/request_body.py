"""Bodies that handlers decode themselves, strictly and off the event loop, and how OpenAPI tells of them."""

from dataclasses import dataclass
from typing import TypeVar, get_args

import msgspec
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema

from protocol.privacy import LogCategory
from rules.decoding import UNREADABLE
from server.problems import decoding_trouble, problem

T = TypeVar("T")


def decoded(body: bytes, body_type: type[T]) -> T:
    """The message of a JSON body. Raises a 400 problem whose field is the path of what is wrong."""
    try:
        return msgspec.json.decode(body, type=body_type)
    except UNREADABLE as error:
        words, field = decoding_trouble(error)
        detail = f"The request cannot be read: {words}. Update the app and try again."
        raise problem("bad-request", 400, "Bad Request", detail, field=field) from None


def _text(pattern: str | None = None, text_format: OpenAPIFormat | None = None) -> Schema:
    return Schema(type=OpenAPIType.STRING, pattern=pattern, format=text_format)


def _json(schema: Schema) -> RequestBody:
    return RequestBody(content={"application/json": OpenAPIMediaType(schema=schema)}, required=True)


def _binary(content_type: str, *, required: bool = True) -> RequestBody:
    schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
    return RequestBody(content={content_type: OpenAPIMediaType(schema=schema)}, required=required)


@dataclass
class SyncOperation(Operation):
    """Says that the body is a protocol.sync.SyncRequest."""

    def __post_init__(self) -> None:
        item = Schema(
            type=OpenAPIType.OBJECT,
            required=["id", "kind", "entity", "body"],
            properties={"id": _text(), "kind": _text(), "entity": _text(), "body": Schema()},
        )
        cursor = Schema(type=[OpenAPIType.STRING, OpenAPIType.NULL])
        operations = Schema(type=OpenAPIType.ARRAY, items=item)
        self.request_body = _json(
            Schema(type=OpenAPIType.OBJECT, properties={"operations": operations, "cursor": cursor})
        )


@dataclass
class InstallationOperation(Operation):
    """Says that the body is a protocol.discovery.InstallationRequest."""

    def __post_init__(self) -> None:
        digest = _text(pattern="^[0-9a-f]{64}$")
        self.request_body = _json(
            Schema(
                type=OpenAPIType.OBJECT,
                required=["installation_id", "secret_sha256"],
                properties={"installation_id": _text(text_format=OpenAPIFormat.UUID), "secret_sha256": digest},
            )
        )


@dataclass
class LogErasureOperation(Operation):
    """Says that the body is a protocol.privacy.LogErasureRequest."""

    def __post_init__(self) -> None:
        category = Schema(type=OpenAPIType.STRING, enum=list(get_args(LogCategory)))
        self.request_body = _json(
            Schema(
                type=OpenAPIType.OBJECT,
                required=["erasure_id", "categories", "before"],
                properties={
                    "erasure_id": _text(text_format=OpenAPIFormat.UUID),
                    "categories": Schema(type=OpenAPIType.ARRAY, items=category),
                    "before": _text(text_format=OpenAPIFormat.DATE_TIME),
                },
            )
        )


@dataclass
class PolicyAnswerOperation(Operation):
    """Says that the body is a protocol.privacy.PolicyTextSaid."""

    def __post_init__(self) -> None:
        how = Schema(type=OpenAPIType.STRING, enum=["accepted", "continued_use"])
        self.request_body = _json(Schema(type=OpenAPIType.OBJECT, required=["how"], properties={"how": how}))


@dataclass
class ErasureRequestOperation(Operation):
    """Says that the body is a protocol.privacy.ErasureAsked."""

    def __post_init__(self) -> None:
        properties = {"request_id": _text(text_format=OpenAPIFormat.UUID), "wish": _text()}
        self.request_body = _json(
            Schema(type=OpenAPIType.OBJECT, required=["request_id", "wish"], properties=dict(properties))
        )


@dataclass
class LogsOperation(Operation):
    """Says that the body is an OTLP ExportLogsServiceRequest."""

    def __post_init__(self) -> None:
        self.request_body = _binary("application/x-protobuf")


@dataclass
class PieceOperation(Operation):
    """Says that the body is a piece of a file."""

    def __post_init__(self) -> None:
        self.request_body = _binary("application/offset+octet-stream")
