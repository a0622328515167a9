"""Putting secrets wherever a program could put them, and looking for them where log data arrives."""

import gzip
import logging
from collections.abc import Sequence

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from agent.logdata.service import LogDataService
from telemetry.catalog.events import ErrorReported
from tests.privacy.conftest import ACCOUNT
from tests.privacy.receiver import Receiver
from tests.privacy.secret_texts import Secret

_PLACES = 9


def spill(service: LogDataService, texts: Sequence[Secret]) -> int:
    """Put each text in every place, with everything allowed; how many records that made."""
    for category in ("usage", "diagnostics"):
        service.set_consent(ACCOUNT, category, "granted")  # type: ignore[arg-type]
    logger = logging.getLogger("agent.spilling")
    handler = service.logging_handler(lambda: ACCOUNT)
    logger.addHandler(handler)
    logger.propagate = False  # what it says is meant for log data alone
    try:
        for number, secret in enumerate(texts):
            _put_in_fields(service, secret.text)
            _log(logger, secret.text)
            if number % 100 == 0:
                service.flush()  # the writer takes at most so many at once
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
    service.flush()
    return _PLACES * len(texts)


def _put_in_fields(service: LogDataService, text: str) -> None:
    service.emit(
        ACCOUNT,
        ErrorReported(level="error", exception_type=text, frames=text, template=text, argument_types=text),
    )
    service.record(ACCOUNT, "error.reported", {"level": "error", "template": text})
    # What follows is refused whole: a choice, a number and a name that the catalog does not know.
    service.record(ACCOUNT, "app.started", {"surface": text})
    service.record(ACCOUNT, "report.sent", {"kind": "new", "size_bytes": text, "media": 1})
    service.record(ACCOUNT, "app.started", {"surface": "tray", text: text})
    service.record(ACCOUNT, text, {})
    service.record(ACCOUNT, "app.started", {"surface": {"nested": [{"deep": text}]}})


def _log(logger: logging.Logger, text: str) -> None:
    logger.warning(text)  # formatted early, against the rules of the house
    logger.warning("Could not read %s.", text)
    logger.warning("Could not read %(what)s.", {"what": text})
    logger.warning("Could not read %s.", [{"nested": {"deep": text}}])
    logger.warning("Could not read it.", extra={"what": text})
    try:
        try:
            raise ValueError(text, {"nested": text})
        except ValueError as error:
            error.add_note(text)
            raise RuntimeError(f"because of {text}") from error
    except RuntimeError as error:
        logger.exception("It broke.")
        logger.error(error)  # the error itself as the message


def found_at(receiver: Receiver, texts: Sequence[Secret]) -> dict[str, str]:
    """The texts that arrived after all, with their kinds: in a header, or in any text of any record."""
    arrived: set[str] = set()
    for request in receiver.logs():
        arrived.update(request.headers.values())
        for resource in ExportLogsServiceRequest.FromString(gzip.decompress(request.body)).resource_logs:
            arrived.update(one.value.string_value for one in resource.resource.attributes)
            for record in resource.scope_logs[0].log_records:
                assert not record.HasField("body")
                arrived.add(record.event_name)
                arrived.update(one.key for one in record.attributes)
                arrived.update(one.value.string_value for one in record.attributes if one.key != "event.id")
    everything = "\n".join(arrived)
    return {secret.text: secret.kind for secret in texts if secret.mark in everything}
