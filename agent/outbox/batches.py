"""How many operations go in one request."""

from collections.abc import Iterator, Sequence

from agent.store.operations import StoredOperation
from protocol.sync import MAX_OPERATIONS, MAX_REQUEST_BYTES

ALONE_AFTER = 3
_ENVELOPE_BYTES = 4096  # the cursor and the words around the operations
_OPERATION_BYTES = 256  # id, kind, entity and the words around the body


def batches(
    operations: Sequence[StoredOperation],
    *,
    max_operations: int = MAX_OPERATIONS,
    max_bytes: int = MAX_REQUEST_BYTES,
) -> Iterator[list[StoredOperation]]:
    """Requests within the bounds, in order, each with at least one operation.

    One that the server failed over ALONE_AFTER times goes alone, so that it cannot hold up the rest for ever.
    """
    batch: list[StoredOperation] = []
    size = _ENVELOPE_BYTES
    for operation in operations:
        cost = weight(operation)
        alone = operation.attempts >= ALONE_AFTER
        if batch and (alone or len(batch) >= max_operations or size + cost > max_bytes):
            yield batch
            batch, size = [], _ENVELOPE_BYTES
        batch.append(operation)
        size += cost
        if alone:
            yield batch
            batch, size = [], _ENVELOPE_BYTES
    if batch:
        yield batch


def weight(operation: StoredOperation) -> int:
    """At most how many bytes of a request it takes."""
    return len(operation.body) + len(operation.kind) + len(operation.entity) + _OPERATION_BYTES


def halves(batch: Sequence[StoredOperation]) -> tuple[list[StoredOperation], list[StoredOperation]]:
    """Two requests instead of one; `batch` has at least two."""
    middle = len(batch) // 2
    return list(batch[:middle]), list(batch[middle:])
