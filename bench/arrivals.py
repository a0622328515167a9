"""A shift begins: a process of its own that checks many workers in over loopback within seconds, and stops by itself.

    python -m bench.arrivals < plan

The plan is JSON of `Plan`; what was answered is printed as JSON of `Answered`.
"""

import asyncio
import random
import resource
import sys
import time

import msgspec

from protocol.sync import SyncRequest, SyncResponse

_SECONDS = 60.0
"""After which a worker counts as unanswered."""
_DEADLINE = 180.0


class Arrival(msgspec.Struct):
    """One worker's request: who sends it, and the body of `POST /v1/sync`."""

    token: str
    request: SyncRequest


class Plan(msgspec.Struct):
    """Each of `arrivals` comes at a moment of its own within `seconds`, on a line of its own; every `again`-th sends
    the same once more, as after a lost answer."""

    ports: list[int]
    arrivals: list[Arrival]
    seconds: float
    again: int


class Answered(msgspec.Struct):
    """Milliseconds from each worker's press to the answer, and its outcome, in their order; and the outcomes of those
    who sent the same again."""

    milliseconds: list[float]
    outcomes: list[str]
    again: list[str]


async def run(plan: Plan) -> Answered:
    """All of them. Who gets no answer has the outcome `unanswered`, and the milliseconds that were waited."""
    bodies = [msgspec.json.encode(one.request) for one in plan.arrivals]
    chance = random.Random(1)  # the same crowd each time
    begin = time.perf_counter() + 0.5
    moments = [begin + chance.random() * plan.seconds for _ in bodies]
    again: list[str] = []

    async def arrive(number: int) -> tuple[float, str]:
        await asyncio.sleep(max(0.0, moments[number] - time.perf_counter()))
        port = plan.ports[number % len(plan.ports)]
        pressed = time.perf_counter()
        outcome = await _ask(port, plan.arrivals[number].token, bodies[number])
        passed = (time.perf_counter() - pressed) * 1000
        if number % plan.again == 0:
            again.append(await _ask(port, plan.arrivals[number].token, bodies[number]))
        return passed, outcome

    async with asyncio.timeout(_DEADLINE):
        found = await asyncio.gather(*(arrive(number) for number in range(len(bodies))))
    return Answered([passed for passed, _ in found], [outcome for _, outcome in found], again)


async def _ask(port: int, token: str, body: bytes) -> str:
    try:
        async with asyncio.timeout(_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = (
                f"POST /v1/sync HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return "unanswered"
    status, _, rest = answer.partition(b"\r\n")
    if b" 200 " not in status + b" ":
        return status.decode(errors="replace")
    content = rest.partition(b"\r\n\r\n")[2]
    [result] = msgspec.json.decode(content, type=SyncResponse).results
    return result.outcome


if __name__ == "__main__":
    _most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (_most, _most))  # a line each
    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(run(wanted))))
