"""Ours as a process of its own, by the words of `bench/peers/log_agents.py`: `python -m bench.peers.our_log_agent WHAT
URL FOLDER [SECONDS]`. FOLDER is the profile; `resume` sends what a process before left there."""

import sys
import threading
import time
from pathlib import Path
from typing import Any

from bench.peers.log_agents import RATE, resident_mib, say

ACCOUNT = "bench/ours"


def open_service(url: str, folder: str, wake: threading.Event) -> Any:
    """The service of log data as the agent has it, with usage allowed, and its transport."""
    from agent.logdata.service import LogDataService
    from agent.store.profile import Profile
    from agent.transport import Transport

    transport = Transport()
    service = LogDataService(
        Profile(Path(folder)),
        transport,
        server_url=lambda _account: url,
        token=lambda _account: "token",
        wake=wake.set,
        environment={},
    )
    service.set_consent(ACCOUNT, "usage", "granted")
    return service, transport


def steady(url: str, folder: str, seconds: float) -> None:
    """Emit at RATE and send what is due when it is due; every told number is on the disk."""
    from telemetry.catalog.events import AppStarted

    wake, over = threading.Event(), threading.Event()
    service, transport = open_service(url, folder, wake)

    def send() -> None:
        while not over.is_set():
            due = service.next_due()
            wake.wait(due)
            wake.clear()
            service.send_due()

    threading.Thread(target=send, daemon=True).start()
    begun = time.monotonic()
    for number in range(int(seconds * RATE)):
        pause = begun + number / RATE - time.monotonic()
        if pause > 0:
            over.wait(pause)
        service.emit(ACCOUNT, AppStarted(surface="tray"))
        service.flush()
        say(number + 1)
    over.set()
    wake.set()
    service.send_due(everything=True)
    transport.close()
    service.close()


def resume(url: str, folder: str) -> None:
    """The next start of the program: send what is there."""
    service, transport = open_service(url, folder, threading.Event())
    service.send_due(everything=True)
    say(sum(one.queued for one in service.view(ACCOUNT)))
    transport.close()
    service.close()


def leave(url: str, folder: str) -> None:
    """The orderly end while a server does not answer."""
    from telemetry.catalog.events import AppStarted

    service, transport = open_service(url, folder, threading.Event())
    for _ in range(50):
        service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    threading.Thread(target=lambda: service.send_due(everything=True), daemon=True).start()
    say("ready")
    sys.stdin.readline()
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    begun = time.monotonic()
    transport.close()
    service.close()
    say(time.monotonic() - begun)


def idle(url: str, folder: str, seconds: float) -> None:
    """Nothing to do, after one event that was sent."""
    from telemetry.catalog.events import AppStarted

    service, _transport = open_service(url, folder, threading.Event())
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    service.send_due(everything=True)
    threading.Event().wait(8)
    say("idle")
    threading.Event().wait(seconds)


def load(folder: str) -> None:
    """What it costs to have `telemetry`, with the file open and the first record on the disk."""
    before = resident_mib()
    begun = time.process_time()
    from telemetry.account_log import AccountLog
    from telemetry.writer import Writer

    imported = time.process_time() - begun
    log = AccountLog(Path(folder) / "telemetry.db", Writer())
    log.set_consent("usage", "granted").result()
    from telemetry.catalog.events import AppStarted

    log.record(AppStarted(surface="tray"))
    log.flush()
    say(f"{imported * 1000} {resident_mib() - before}")


def main(what: str, url: str, folder: str, seconds: str = "0") -> None:
    """Do it."""
    match what:
        case "steady":
            steady(url, folder, float(seconds))
        case "resume":
            resume(url, folder)
        case "exit":
            leave(url, folder)
        case "idle":
            idle(url, folder, float(seconds))
        case "load":
            load(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
