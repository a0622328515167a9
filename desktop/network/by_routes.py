"""The network on Linux: the kernel tells of every new default route (rtnetlink(7)). Nothing is polled."""

import logging
import os
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator

_RTMGRP_IPV4_ROUTE = 0x40
_RTMGRP_IPV6_ROUTE = 0x400
_RTM_NEWROUTE = 24
_HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, port
_ROUTE = struct.Struct("=BBBBBBBBI")  # rtmsg: family, bits of destination, …, table, protocol, scope, type, flags
_MAIN_TABLE = 254
_MOST_BYTES = 65536

_log = logging.getLogger(__name__)


class RouteNetwork:
    """A daemon thread that waits for the kernel."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._end = -1

    def watch(self, back: Callable[[], object], metered: Callable[[bool], object] = lambda _metered: None) -> None:  # noqa: ARG002 # the kernel does not know
        if sys.platform != "linux":
            return
        try:
            listening = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE)
        except OSError as error:
            _log.info("the system does not tell when the network is back: %s", error.strerror)
            return
        listening.bind((0, _RTMGRP_IPV4_ROUTE | _RTMGRP_IPV6_ROUTE))
        self._end = os.eventfd(0, os.EFD_CLOEXEC)
        self._thread = threading.Thread(target=_listen, args=(listening, self._end, back), name="network", daemon=True)
        self._thread.start()

    def close(self) -> None:
        if self._thread is not None:
            os.eventfd_write(self._end, 1)
            self._thread.join()
            os.close(self._end)
            self._thread = None


def _listen(listening: socket.socket, end: int, back: Callable[[], object]) -> None:
    waiting = select.poll()
    waiting.register(listening, select.POLLIN)
    waiting.register(end, select.POLLIN)
    with listening:
        while end not in dict(waiting.poll()):
            try:
                messages, (sender, _) = listening.recvfrom(_MOST_BYTES)
            except OSError as error:  # ENOBUFS: messages were lost, and a route may have been among them
                _log.info("messages of the network were lost: %s", error.strerror)
                back()
                continue
            if sender == 0 and any(new_default_routes(messages)):  # 0 is the kernel; anybody may send
                back()


def new_default_routes(messages: bytes) -> Iterator[bool]:
    """One item for each default route of the main table that these netlink messages say is new."""
    at = 0
    while at + _HEADER.size <= len(messages):
        length, kind, *_ = _HEADER.unpack_from(messages, at)
        if length < _HEADER.size or at + length > len(messages):
            return
        if kind == _RTM_NEWROUTE and length >= _HEADER.size + _ROUTE.size:
            _, destination_bits, _, _, table, *_ = _ROUTE.unpack_from(messages, at + _HEADER.size)
            if destination_bits == 0 and table == _MAIN_TABLE:
                yield True
        at += (length + 3) & ~3
