"""What the two ends of the control socket say, and how its bytes are cut.

A message is MessagePack of one Struct, in frames of a 4-byte head (the top bit: more follows; the rest: length in
bytes) and at most MAX_FRAME bytes. One connection carries Hello, Welcome, one request and its reply.
"""

import socket
import struct
import time
from typing import Any, TypeVar

import msgspec

from agent.api import Command, ErrorKind, OpenWindow, Query, Result
from rules.sentence import plain

CONTROL = 1
"""The version of this conversation. Both ends must speak the same one: they come from one installation."""

MAX_FRAME = 64 * 1024
MAX_MESSAGE = 4 * 1024 * 1024
_MORE = 1 << 31
_HEAD = struct.Struct(">I")

T = TypeVar("T")


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The first word of who connects; `version` is the program's."""

    control: int
    version: str


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answer to Hello."""

    control: int
    version: str


class Submit(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Carry a command out; answered by Done or Failed."""

    command: Command


class Look(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Look something up; answered by Done or Failed."""

    query: Query


class Show(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Open the window, prefilled; answered by Done, or by Failed where there is no window."""

    window: OpenWindow


class HandOver(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Let go of the profile; answered by Released once that has happened, or by Failed. The one who asked keeps the
    connection open until it holds the lock."""


class Done(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The result of a command or a query."""

    result: Result


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """An AgentError."""

    kind: ErrorKind
    sentence: str


class Released(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The profile's lock is free."""


Request = Submit | Look | Show | HandOver
Reply = Done | Failed | Released


class FrameError(Exception):
    """What came is not a message of this conversation, or did not come in time."""


_ENCODER = msgspec.msgpack.Encoder(enc_hook=plain)


def send(connection: socket.socket, message: msgspec.Struct, *, seconds: float) -> None:
    """Send one message. Raises FrameError when it is too large, OSError when the peer is gone or does not read."""
    content = memoryview(_ENCODER.encode(message))
    if len(content) > MAX_MESSAGE:
        raise FrameError(f"{len(content)} bytes are more than one message may have ({MAX_MESSAGE}).")
    until = time.monotonic() + seconds
    for start in range(0, len(content), MAX_FRAME):
        part = content[start : start + MAX_FRAME]
        more = _MORE if start + MAX_FRAME < len(content) else 0
        connection.settimeout(_left(until))
        connection.sendall(_HEAD.pack(len(part) | more) + part)


def receive(connection: socket.socket, kind: Any, *, seconds: float) -> Any:
    """One message of the type or union `kind`, all of it within `seconds`. Raises FrameError, OSError."""
    until = time.monotonic() + seconds
    content = bytearray()
    more = True
    while more:
        (head,) = _HEAD.unpack(_exactly(connection, _HEAD.size, until))
        more, size = bool(head & _MORE), head & ~_MORE
        if not 0 < size <= MAX_FRAME or len(content) + size > MAX_MESSAGE:
            raise FrameError("A frame is larger than allowed.")
        content += _exactly(connection, size, until)
    try:
        return msgspec.msgpack.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise FrameError(f"A message cannot be read: {error}.") from None


def _exactly(connection: socket.socket, size: int, until: float) -> bytes:
    content = bytearray()
    while len(content) < size:
        connection.settimeout(_left(until))
        received = connection.recv(size - len(content))
        if not received:
            raise FrameError("The other end hung up.")
        content += received
    return bytes(content)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("The other end took too long.")
    return left
