"""Two OTLP receivers that nobody here wrote take our log data: what our server passes on, and our app's own batches."""

import asyncio
import gzip
import queue
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest
import requests
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from oteltap import OtelTapHttpProtobufReceiver, OtelTapHttpProtobufReceiverSettings

from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import Transport
from protocol.discovery import CLIENT_ID, ENROLMENT_GRANT, Me, TokenReply
from telemetry.catalog.events import AppStarted, KeyringUnavailable, ReportSent
from tests.live_server import LiveServer
from tests.unit.telemetry.making import left_of

SECONDS = 30
EVENTS = {"app.started", "report.sent", "keyring.unavailable"}

pytestmark = pytest.mark.system


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def send_from_an_app(server: LiveServer, folder: Path) -> list[bytes]:
    """Three events of two categories, by the app's own service; the exact bytes of its batches."""
    form = {"grant_type": ENROLMENT_GRANT, "code": server.enrol(server.facts["worker"][0][0]), "client_id": CLIENT_ID}
    reply = requests.post(f"{server.url}/oauth/token", data=form, timeout=SECONDS)
    token = msgspec.json.decode(reply.content, type=TokenReply).access_token
    bearer = {"Authorization": f"Bearer {token}"}
    me = msgspec.json.decode(requests.get(f"{server.url}/v1/me", headers=bearer, timeout=SECONDS).content, type=Me)
    account, transport = f"{me.server_id}/{me.member_id}", Transport()
    service = LogDataService(
        Profile(folder / "profile"),
        transport,
        server_url=lambda _account: server.url,
        token=lambda _account: token,
        environment={},
    )
    try:
        for category in ("usage", "diagnostics"):
            service.set_consent(account, category, "granted")
        for event in (AppStarted(surface="tray"), ReportSent(kind="new", size_bytes=9000, media=1)):
            service.emit(account, event)
        service.emit(account, KeyringUnavailable(state="locked"))
        service.flush()
        assert service.send_due(everything=True) == 3
        return [one.body for one in left_of(service._log(account))]
    finally:
        transport.close()
        service.close()


def post_directly(port: int, batches: list[bytes], *, packed: bool) -> None:
    """The app's own batches, as a collector in place of our server would get them."""
    headers = {"Content-Type": "application/x-protobuf", **({"Content-Encoding": "gzip"} if packed else {})}
    for batch in batches:
        body = batch if packed else gzip.decompress(batch)
        reply = requests.post(f"http://127.0.0.1:{port}/v1/logs", data=body, headers=headers, timeout=SECONDS)
        assert reply.status_code == 200


def attributes(record: LogRecord) -> dict[str, object]:
    return {one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in record.attributes}


def test_oteltap_takes_them(tmp_path: Path) -> None:
    """It knows no gzip, which OTLP leaves open."""
    port = free_port()

    async def received() -> list[LogRecord]:
        settings = OtelTapHttpProtobufReceiverSettings(http_port=port)
        arrived: asyncio.Queue[LogRecord] = asyncio.Queue()

        async def listen(receiver: OtelTapHttpProtobufReceiver) -> None:
            async for record in receiver.stream_logs():
                arrived.put_nowait(record)

        async with OtelTapHttpProtobufReceiver(settings) as receiver:
            listening = asyncio.create_task(listen(receiver))
            with LiveServer.start(tmp_path, options=("--logs-to", f"http://127.0.0.1:{port}")) as server:
                batches = await asyncio.to_thread(send_from_an_app, server, tmp_path)
                found = [await asyncio.wait_for(arrived.get(), SECONDS) for _ in EVENTS]
            await asyncio.to_thread(post_directly, port, batches, packed=False)
            found += [await asyncio.wait_for(arrived.get(), SECONDS) for _ in EVENTS]
        await asyncio.wait_for(listening, SECONDS)
        return found

    records = asyncio.run(received())
    passed_on, direct = records[:3], records[3:]
    assert {one.event_name for one in passed_on} == {one.event_name for one in direct} == EVENTS
    # What was passed on is what the app sent, down to ids and numbers.
    by_id = {attributes(one)["event.id"]: one for one in direct}
    assert {attributes(one)["event.id"]: one for one in passed_on} == by_id


@contextmanager
def rotel(port: int, grpc_port: int) -> Iterator[Callable[[str], None]]:
    """The collector; the function waits until it has printed a text."""
    found = find_spec("rotel")
    if found is None or found.origin is None:
        pytest.skip("rotel has no wheel for this system")
    process = subprocess.Popen(
        [
            *(str(Path(found.origin).parent / "rotel-agent"), "start"),
            *("--otlp-http-endpoint", f"127.0.0.1:{port}", "--otlp-grpc-endpoint", f"127.0.0.1:{grpc_port}"),
            *("--exporter", "blackhole", "--debug-log", "logs", "--debug-log-verbosity", "detailed"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()], daemon=True)
    reader.start()

    def wait_for(text: str) -> None:
        while text not in lines.get(timeout=SECONDS):
            pass

    try:
        yield wait_for
    finally:
        process.terminate()
        process.wait(SECONDS)
        reader.join(SECONDS)
        process.stdout.close()


def test_rotel_takes_them(tmp_path: Path) -> None:
    port = free_port()
    with rotel(port, free_port()) as wait_for:
        wait_for("Starting Rotel")
        with LiveServer.start(tmp_path, options=("--logs-to", f"http://127.0.0.1:{port}/v1/logs")) as server:
            batches = send_from_an_app(server, tmp_path)
            wait_for("miratag.organization.id")
            wait_for("keyring.unavailable")
        post_directly(port, batches, packed=True)
        wait_for("app.started")
        wait_for("report.sent")
