"""Other agents for log data, each as its own documentation sets it up: `log_agents.py PEER WHAT URL [SECONDS]`.

Stands alone, because it runs in an environment that holds the peers and not the program. PEER is opentelemetry, sentry,
posthog or glean; WHAT is

- steady: 200 events a second for SECONDS, then the orderly end; each line told is how many were emitted;
- exit: fifty events, and the orderly end once a line comes in; the last line is the seconds that it took;
- idle: one event, and then nothing for SECONDS;
- load: nothing but importing it and setting it up; milliseconds of processor time and MiB are told;
- withdraw: six pings, then the choice is taken back 0.3 s after a line comes in; glean alone has such a choice.
"""

import logging
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

RATE = 200


class Agent(NamedTuple):
    """`emit(number)` records one event; `end()` is what a program calls before it ends."""

    emit: Callable[[int], object]
    end: Callable[[], object]


def opentelemetry(url: str) -> Agent:
    """The SDK's batch processor with the exporter for OTLP over HTTP."""
    from opentelemetry._logs import LogRecord, SeverityNumber
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

    provider = LoggerProvider(shutdown_on_exit=False)
    exporter = OTLPLogExporter(endpoint=f"{url}/v1/logs", compression=Compression.Gzip)
    provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    logger = provider.get_logger("bench")

    def emit(number: int) -> None:
        logger.emit(
            LogRecord(
                timestamp=time.time_ns(),
                severity_number=SeverityNumber.INFO,
                event_name="app.started",
                attributes={"surface": "tray", "event.id": str(number)},
            )
        )

    return Agent(emit, provider.shutdown)


def sentry(url: str) -> Agent:
    """The SDK's structured logs."""
    import sentry_sdk
    import sentry_sdk.logger

    sentry_sdk.init(dsn=f"{url.replace('http://', 'http://key@')}/1", enable_logs=True, default_integrations=False)

    def end() -> None:
        client = sentry_sdk.get_client()
        client.close(timeout=2.0)

    def emit(number: int) -> None:
        sentry_sdk.logger.info("app started", attributes={"surface": "tray", "event_id": str(number)})

    return Agent(emit, end)


def posthog(url: str) -> Agent:
    """The client with what it does unless told otherwise."""
    from posthog import Posthog

    client = Posthog("key", host=url)

    def emit(number: int) -> None:
        client.capture("app started", distinct_id="one", properties={"surface": "tray", "event_id": str(number)})

    return Agent(emit, client.shutdown)


def glean(url: str) -> Agent:
    """The Python SDK with a ping of its own."""
    from glean import Configuration, Glean
    from glean._uniffi import CommonMetricData, Lifetime
    from glean.metrics import PingType, StringMetricType

    ping = PingType(
        name="bench",
        include_client_id=True,
        send_if_empty=False,
        precise_timestamps=True,
        include_info_sections=True,
        enabled=True,
        schedules_pings=[],
        reason_codes=[],
        follows_collection_enabled=True,
        uploader_capabilities=[],
    )
    surface = StringMetricType(
        CommonMetricData(
            category="app",
            name="surface",
            send_in_pings=["bench"],
            lifetime=Lifetime.PING,
            disabled=False,
        )
    )
    Glean.initialize(
        application_id="bench",
        application_version="1",
        upload_enabled=True,
        data_dir=Path(tempfile.mkdtemp()),
        configuration=Configuration(server_endpoint=url),
    )

    def emit(number: int) -> None:
        surface.set(str(number))
        ping.submit()

    return Agent(emit, lambda: Glean.set_collection_enabled(False))


AGENTS: dict[str, Callable[[str], Agent]] = {
    "opentelemetry": opentelemetry,
    "sentry": sentry,
    "posthog": posthog,
    "glean": glean,
}


def say(what: object) -> None:
    """One line for whoever started this."""
    print(what, flush=True)


def steady(make: Callable[[], Agent], seconds: float) -> None:
    """Emit at RATE, by the clock."""
    agent = make()
    begun = time.monotonic()
    for number in range(int(seconds * RATE)):
        pause = begun + number / RATE - time.monotonic()
        if pause > 0:
            threading.Event().wait(pause)
        agent.emit(number)
        say(number + 1)
    agent.end()


def leave(make: Callable[[], Agent]) -> None:
    """The orderly end while a server does not answer."""
    agent = make()
    for number in range(50):
        agent.emit(number)
    say("ready")
    sys.stdin.readline()
    begun = time.monotonic()
    agent.end()
    say(time.monotonic() - begun)


def idle(make: Callable[[], Agent], seconds: float) -> None:
    """What an agent does while there is nothing to do."""
    agent = make()
    agent.emit(0)
    threading.Event().wait(8)  # until it is sent
    say("idle")
    threading.Event().wait(seconds)


def load(make: Callable[[], Agent]) -> None:
    """The cost of having it at all."""
    before = resident_mib()
    begun = time.process_time()
    make()
    say(f"{(time.process_time() - begun) * 1000} {resident_mib() - before}")


def withdraw(make: Callable[[], Agent]) -> None:
    """Take the choice back while pings are under way."""
    agent = make()
    for number in range(6):
        agent.emit(number)
    say("ready")
    sys.stdin.readline()
    threading.Event().wait(0.3)
    agent.end()
    say(time.monotonic())
    threading.Event().wait(12)


def resident_mib() -> float:
    """Memory of this process that is in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def main(peer: str, what: str, url: str, seconds: str = "0") -> None:
    """Do it."""
    logging.disable()
    ways: dict[str, Callable[..., Any]] = {
        "steady": lambda make: steady(make, float(seconds)),
        "exit": leave,
        "idle": lambda make: idle(make, float(seconds)),
        "load": load,
        "withdraw": withdraw,
    }
    ways[what](lambda: AGENTS[peer](url))


if __name__ == "__main__":
    main(*sys.argv[1:])
