"""`miratag demo`: a server with a made-up organization, and the app, or one report and one check-in, on it."""

import argparse
import contextlib
import os
import signal
import struct
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import msgspec

from agent.accounts.directory import stored_accounts
from agent.api import (
    AgentError,
    Attach,
    FileReport,
    ListActivity,
    OpenWindow,
    RecordAttendance,
    ReportDetail,
    ShowReport,
    SignedIn,
    SignIn,
    SignOut,
    Synced,
    SyncNow,
)
from agent.control.hosting import HostedAgent
from agent.control.profile_lock import ProfileLock
from agent.store.profile import Profile
from desktop.command_line import output
from desktop.command_line.conversation import Conversation
from desktop.command_line.places import find_location
from desktop.command_line.reach import MakeAgent
from desktop.command_line.server_program import ServerProgram
from protocol.statements import ReceiptPayload, SignedStatement
from rules.receipts import read_receipt
from rules.statements import StatementError

SYNC_SECONDS = 60.0
PHOTO_SIDE = 240
FACTS = "demo-people.txt"


class Demo(msgspec.Struct, frozen=True):
    """A demo that runs: its server, the signed-in app, and the facts that the server printed when it was made."""

    server: ServerProgram
    address: str
    facts: list[str]
    profile: Profile
    agent: HostedAgent
    account: str


class _Lent:
    """The demo's agent for the tray app, which closes what it is given; here the demo still has to sign out."""

    def __init__(self, agent: HostedAgent) -> None:
        self.submit = agent.submit
        self.query = agent.query
        self.snapshot = agent.snapshot
        self.subscribe = agent.subscribe

    def close(self) -> None:
        """The demo closes it."""


def run_demo(arguments: argparse.Namespace, make_agent: MakeAgent) -> int:
    """The exit code: with `--once` 0 only if all of it arrived and the receipt verified. Raises AgentError."""
    window = None if arguments.once else _window()
    windowed = window is not None
    with _folder(arguments.data) as folder, _ended_by_signals(), _started(folder, make_agent, windowed) as demo:
        if window is not None:
            output.say(_where_to_look(demo))
            return window(demo.profile.path, agent_factory=lambda: _Lent(demo.agent), wish=OpenWindow())
        code = _round_trip(demo, arguments)
        if not arguments.once:
            output.say("The server goes on until Ctrl-C.")
            with contextlib.suppress(KeyboardInterrupt):
                demo.server.wait()
        return code


@contextlib.contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    if chosen is not None:
        chosen.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield chosen.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="miratag-demo-") as folder:
        yield Path(folder)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM ends the demo as Ctrl-C does, so that the server it started ends with it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _started(folder: Path, make_agent: MakeAgent, windowed: bool) -> Iterator[Demo]:
    with ServerProgram(folder / "server") as server:
        facts = _facts(folder, server)
        code = server.enrolment_code(_people(facts)["worker"][0])
        address = server.start()
        profile = Profile(folder / "profile")
        profile.prepare()
        lock = ProfileLock(profile.lock)
        if not lock.try_acquire():
            raise AgentError("unavailable", f"Another demo runs in {folder}. End it first, or choose another folder.")
        agent = HostedAgent(make_agent(profile), profile.path, lock, windowed=windowed)
        try:
            asked = Conversation(agent)
            signed_in = _signed_in(asked, address, code)
            if any(one.credentials == "memory" for one in asked.status().accounts):
                output.say("This computer has no keyring: the demo keeps its sign-in in memory, until it ends.")
            try:
                yield Demo(server, address, facts, profile, agent, signed_in.account)
            finally:
                asked.do(SignOut(account=signed_in.account))  # a throw-away profile leaves nothing in the keyring
        finally:
            agent.close()


def _signed_in(asked: Conversation, address: str, code: str) -> SignedIn:
    """By the keyring, or where that fails by a file of the demo's own. A code is not spent before there is a store."""
    wish = SignIn(server_url=address, enrolment_code=code)
    signed_in: SignedIn
    try:
        signed_in = asked.do(wish)
    except AgentError as error:
        if error.kind != "cannot_store":
            raise
        output.say("The keyring of this computer does not work: the demo keeps its sign-in in a file, until it ends.")
        signed_in = asked.do(msgspec.structs.replace(wish, credentials="file"))
    return signed_in


def _facts(folder: Path, server: ServerProgram) -> list[str]:
    """What the server printed when it was made; kept beside it, because it prints passwords only once."""
    kept = folder / FACTS
    if kept.exists():
        return kept.read_text().splitlines()
    facts = server.found_demo()
    kept.touch(mode=0o600)
    kept.write_text("\n".join(facts))
    return facts


def _people(facts: list[str]) -> dict[str, list[str]]:
    """Role to what stands after it; of several with one role, the first."""
    people: dict[str, list[str]] = {}
    for fact in facts:
        role, _, rest = fact.partition(": ")
        people.setdefault(role, rest.split())
    return people


def _window() -> "Callable[..., int] | None":
    """How to run the tray app; None without a display, or where Qt cannot load."""
    if sys.platform == "linux" and not (os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")):
        return None
    try:
        from desktop.application import run
    except ImportError as error:
        output.say(f"The window cannot open here ({error}). The demo goes on without it.")
        return None
    return run


def _round_trip(demo: Demo, arguments: argparse.Namespace) -> int:
    """File a report with a photo, check in, sync, and say what the server confirmed."""
    asked = Conversation(demo.agent)
    place_name = next(fact.partition(": ")[2] for fact in demo.facts if fact.startswith("location: "))
    place = find_location(asked, demo.account, place_name)
    with tempfile.TemporaryDirectory(prefix="miratag-demo-photo-") as folder:
        photo = Path(folder, "crane.png")
        photo.write_bytes(demo_photo(PHOTO_SIDE))
        attached = asked.do(Attach(account=demo.account, path=str(photo)))
    asked.do(RecordAttendance(account=demo.account, kind="check_in", location_id=place.location_id))
    filed = asked.do(
        FileReport(
            account=demo.account,
            text="Crane inspected\nCables, hook and brakes are in order.",
            location_id=place.location_id,
            media=(attached.media_id,),
        )
    )
    synced: Synced = asked.do(SyncNow(account=demo.account, wait_seconds=SYNC_SECONDS), SYNC_SECONDS * 2)
    detail: ReportDetail = asked.look(ShowReport(account=demo.account, instance_id=filed.instance_id))
    receipt = _verified(demo.profile, detail)
    check_ins = asked.look(ListActivity(account=demo.account)).items
    checked_in = any(item.kind == "check_in" and item.state == "received" for item in check_ins)
    arrived = receipt is not None and checked_in and not synced.waiting and not synced.needs_you
    document = {
        "arrived": arrived,
        "address": demo.address,
        "sign_ins": [fact for fact in demo.facts if not fact.startswith("location: ")],
        "report": msgspec.to_builtins(receipt) if receipt else None,
        "receipt": msgspec.json.decode(detail.receipt) if detail.receipt else None,
        "checked_in": checked_in,
    }
    output.answer(document, _story(demo, detail, receipt, place.name), as_json=arguments.json)
    if not arrived:
        output.say(f"Not everything arrived: {synced.waiting} waiting, {synced.needs_you} refused.")
    return output.DONE if arrived else output.FAILED


def _verified(profile: Profile, detail: ReportDetail) -> ReceiptPayload | None:
    """The receipt, checked anew with the pinned keys as `miratag receipt verify` does, and naming every file."""
    if detail.receipt is None:
        return None
    keys = tuple(key for account in stored_accounts(profile.state) for key in account.keys)
    try:
        receipt = read_receipt(msgspec.json.decode(detail.receipt, type=SignedStatement), keys)
    except (StatementError, msgspec.DecodeError):
        return None
    return receipt if sorted(receipt.media) == sorted(one.sha256 for one in detail.media) else None


def _story(demo: Demo, detail: ReportDetail, receipt: ReceiptPayload | None, place: str) -> list[str]:
    lines = [f"Report: {detail.item.title} ({detail.item.state})"]
    lines += [f"  photo {one.name}, {one.size} bytes, SHA-256 {one.sha256}" for one in detail.media]
    if receipt is not None:
        lines.append(f"  received {receipt.received}; the receipt is genuine and names every file")
    lines.append(f"Checked in at {place}.")
    lines.append(_where_to_look(demo))
    return lines


def _where_to_look(demo: Demo) -> str:
    people = "\n".join(f"  {fact}" for fact in demo.facts if not fact.startswith("location: "))
    return f"Web pages: {demo.address}\n{people}"


def demo_photo(side: int) -> bytes:
    """A PNG of `side` pixels squared: a sky that grows lighter downwards, and a dark mast with its jib."""
    rows = bytearray()
    mast, jib = side // 3, side // 5
    for y in range(side):
        rows.append(0)
        for x in range(side):
            crane = abs(x - mast) < side // 40 or abs(y - jib) < side // 60
            rows += bytes((40, 44, 52)) if crane else bytes((120 + y * 100 // side, 160 + y * 70 // side, 225))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
