"""A day of log data, killed before its first, second, third… statement: `killed_at_every_step.py FOLDER`, told as JSON.

Stands as a program of its own, because it divides itself: each child lives that day again until SIGKILL, and what it
left is judged here. The tests read what it tells.
"""

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from telemetry import database, store
from telemetry.batches import Terms
from telemetry.catalog.events import ErrorReported
from telemetry.consent import Conditions
from telemetry.outcomes import Answered, Unanswered
from telemetry.queue import Bounds, Offer
from telemetry.store import Store

CANARY = "Quartzplover"
TAKEN = Answered(200, {"content-type": "application/x-protobuf"}, b"")
_NOW_MS = 1_780_000_000_000
Say = Callable[[str], object]


def opened(path: Path) -> Store:
    """The store with what was left."""
    one = Store(path, Conditions(), Bounds(records=60), lambda: _NOW_MS)
    one.load()
    return one


def live(path: Path, say: Say) -> None:
    """Grant, record, send well and badly, too much, reset, withdraw, grant again; `say` what is promised then."""

    def record(count: int) -> None:
        event = ErrorReported(level="error", template=CANARY)
        one.append([Offer(event, _NOW_MS * 1_000_000) for _ in range(count)], {})
        say(f"recorded {count}")

    def send_all() -> None:
        batch = one.claim(Terms(everything=True))
        while batch is not None:
            records = batch.records
            _, batch = one.go_on(batch, TAKEN, Terms(everything=True))
            say(f"accepted {records}")

    def send(outcome: Answered | Unanswered) -> None:
        batch = one.claim(Terms(everything=True))
        if batch is not None:
            one.settle(batch, outcome)
            if outcome is TAKEN:
                say(f"accepted {batch.records}")

    one = opened(path)
    one.grant("diagnostics")
    record(30)
    send(TAKEN)
    record(20)
    send(Answered(503, {}, b""))
    send(Unanswered())
    send(Answered(400, {}, b""))
    send_all()
    record(70)
    one.sync()
    one.reset_installation()
    record(5)
    send(Unanswered())
    one.withdraw("diagnostics")
    say("withdrawn")
    one.grant("diagnostics")
    say("granted")
    record(3)
    one.close()


class _Counting(sqlite3.Connection):
    """Kills its process before the statement of a number."""

    left = -1

    def execute(self, *arguments: object) -> sqlite3.Cursor:
        self._step()
        return super().execute(*arguments)  # type: ignore[arg-type]

    def executemany(self, *arguments: object) -> sqlite3.Cursor:
        self._step()
        return super().executemany(*arguments)  # type: ignore[arg-type]

    def _step(self) -> None:
        _Counting.left -= 1
        if _Counting.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_before(step: int, path: Path) -> tuple[list[str], bool]:
    """What the child had said, and whether it lived to the end."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        _Counting.left = step
        connect = sqlite3.connect
        with patch.object(database.sqlite3, "connect", lambda *a, **more: connect(*a, factory=_Counting, **more)):
            live(path, lambda what: os.write(writable, f"{what}\n".encode()))
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as said:
        lines = said.read().splitlines()
    _, status = os.waitpid(child, 0)
    return lines, os.WIFEXITED(status)


def faults(path: Path, said: list[str]) -> list[str]:
    """What is wrong with what a killed day left, once it is opened again."""
    one = opened(path)
    account = one.accounts()["diagnostics"]
    recorded = sum(int(line.split()[1]) for line in said if line.startswith("recorded"))
    accepted = sum(int(line.split()[1]) for line in said if line.startswith("accepted"))
    state = one.choices["diagnostics"].state
    found = []
    if not account.balanced:
        found.append(f"the account does not balance: {account}")
    if account.recorded < recorded:
        found.append(f"{recorded} were committed, {account.recorded} are there")
    if account.accepted < accepted:
        found.append(f"{accepted} were accepted, {account.accepted} are counted so")
    if "withdrawn" in said and "granted" not in said and state == "granted" and account.queued:
        found.append("there is something to send after the withdrawal")
    if state == "denied" or account.queued == 0:
        one.look(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall(), [])
    if state == "denied" and any(CANARY.encode() in file.read_bytes() for file in path.parent.iterdir()):
        found.append("a trace of what was withdrawn is left")
    batch = one.claim(Terms(everything=True))
    if batch is not None and (state != "granted" or one.settle(batch, TAKEN) is None):
        found.append("a batch of a category that is off, or one that cannot be settled")
    if not one.accounts()["diagnostics"].balanced:
        found.append("the account does not balance after sending")
    one.close()
    return found


def main(folder: str) -> None:
    """Kill at every step, until one lives to the end."""
    assert store is not None
    path = Path(folder) / "account" / "telemetry.db"
    found: dict[int, list[str]] = {}
    step = 0
    lived = False
    while not lived:
        step += 1
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir(parents=True)
        said, lived = killed_before(step, path)
        wrong = faults(path, said)
        if wrong:
            found[step] = wrong
    sys.stdout.write(json.dumps({"steps": step, "faults": found}))


if __name__ == "__main__":
    main(sys.argv[1])
