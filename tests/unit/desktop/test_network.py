"""The network as the system tells of it: by Qt's real backend, and by the kernel's real messages."""

import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtNetwork import QNetworkInformation

from desktop.network.by_qt import QtNetwork
from desktop.network.by_routes import RouteNetwork, new_default_routes

R = QNetworkInformation.Reachability


@pytest.mark.parametrize(
    ("reachabilities", "times"),
    [
        ([R.Disconnected, R.Online], 1),
        ([R.Disconnected, R.Local, R.Online], 1),
        ([R.Disconnected, R.Site, R.Online], 2),
        ([R.Online, R.Online], 0),
        ([R.Disconnected, R.Unknown, R.Disconnected], 0),
        ([R.Disconnected, R.Unknown, R.Online, R.Disconnected, R.Online], 2),
        ([R.Local, R.Disconnected, R.Local], 0),
    ],
)
def test_it_is_back_when_more_can_be_reached_than_before(
    qapp: object, reachabilities: list[QNetworkInformation.Reachability], times: int
) -> None:
    told: list[int] = []
    network = QtNetwork()
    network.watch(lambda: told.append(1))
    try:
        # Of this computer's own network, whichever it has, nothing comes while no event loop runs.
        network.changed(R.Online)
        told.clear()
        for one in reachabilities:
            network.changed(one)
        assert len(told) == times
    finally:
        network.close()
    network.changed(R.Disconnected)
    network.changed(R.Online)
    assert len(told) == times


@pytest.mark.skipif(sys.platform != "linux", reason="the backend of GLib is Linux's")
def test_qt_has_a_backend_here_that_tells_of_reachability(qapp: object) -> None:
    network = QtNetwork()
    network.watch(lambda: None)
    try:
        assert network._information is not None
        assert network._information.backendName() in {"glib", "networkmanager"}
        assert network._information.supports(QNetworkInformation.Feature.Reachability)
    finally:
        network.close()


ROUTES = """
import subprocess, sys, threading
from desktop.network.by_routes import RouteNetwork
told = threading.Semaphore(0)
network = RouteNetwork()
network.watch(told.release)
def ip(*words):
    subprocess.run(["ip", *words], check=True, timeout=10)
ip("link", "set", "lo", "up")
ip("route", "add", "10.10.0.0/24", "dev", "lo")
assert not told.acquire(timeout=0.3), "not a way out"
ip("route", "add", "default", "dev", "lo")
assert told.acquire(timeout=10)
ip("route", "del", "default")
assert not told.acquire(timeout=0.3), "gone, not back"
ip("-6", "route", "add", "default", "dev", "lo")
assert told.acquire(timeout=10)
network.close()
network.close()
print("ok", [one.name for one in threading.enumerate()])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
def test_the_kernel_tells_of_a_new_way_out() -> None:
    command = ["unshare", "--net", "--map-root-user", sys.executable, "-c", ROUTES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if "unshare failed" in done.stderr or "ip'" in done.stderr:
        pytest.skip("this system gives no network of a test's own")
    assert done.stdout == "ok ['MainThread']\n", done.stderr


@given(st.binary(max_size=200))
def test_no_message_of_others_breaks_it(junk: bytes) -> None:
    list(new_default_routes(junk))
    ahead = struct.pack("=IHHII", 28, 24, 0, 0, 0) + struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 3, 0, 1, 0)
    assert next(new_default_routes(ahead + junk)) is True


def test_closing_what_was_never_begun_does_nothing() -> None:
    RouteNetwork().close()
    QtNetwork().close()
