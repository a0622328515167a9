"""Messages on a real socket pair: whole, bounded, and in time."""

import socket
import struct
import threading
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from agent.api import Banner, Filed, FileReport, ListActivity, OpenSession, Snapshot
from agent.control.frames import (
    MAX_FRAME,
    MAX_MESSAGE,
    Done,
    Failed,
    FrameError,
    Look,
    Reply,
    Request,
    Submit,
    receive,
    send,
)
from rules.sentence import Sentence


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def _through(message: msgspec.Struct, kind: object) -> object:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sending = threading.Thread(target=send, args=(ours, message), kwargs={"seconds": 10}, daemon=True)
        sending.start()
        came = receive(theirs, kind, seconds=10)
        sending.join(10)
        return came


@given(text=some.text(max_size=300), media=some.lists(some.text(max_size=40), max_size=5))
def test_a_command_arrives_as_it_was_sent(text: str, media: list[str]) -> None:
    message = Submit(command=FileReport(account="s/m", text=text, media=tuple(media)))
    assert _through(message, Request) == message


@pytest.mark.parametrize("size", [0, MAX_FRAME - 100, MAX_FRAME, MAX_FRAME * 2, 1_000_000])
def test_a_long_text_goes_in_frames(size: int) -> None:
    message = Submit(command=FileReport(account="s/m", text="x" * size))
    assert _through(message, Request) == message


@pytest.mark.parametrize(
    "result",
    [
        None,
        Filed(instance_id="i", revision_id="r"),
        Snapshot(session=OpenSession(check_in_id="c", location_id=None, location="", since="t", on_break=False)),
    ],
)
def test_results_keep_their_type(result: msgspec.Struct | None) -> None:
    assert _through(Done(result=result), Reply) == Done(result=result)  # type: ignore[arg-type]
    assert _through(Look(query=ListActivity(account="a")), Request) == Look(query=ListActivity(account="a"))


def test_a_sentence_that_knows_what_it_was_made_of_arrives_as_its_text() -> None:
    made = Sentence("“%(name)s” is empty. %(next)s", name="a.pdf", next=Sentence("Attach another file."))
    came = _through(Done(result=Snapshot(banner=Banner(kind="disk_low", sentence=made))), Reply)
    assert came == Done(
        result=Snapshot(banner=Banner(kind="disk_low", sentence="“a.pdf” is empty. Attach another file."))
    )
    failed = _through(Failed(kind="usage", sentence=made), Reply)
    assert failed == Failed(kind="usage", sentence=str(made))
    assert type(failed.sentence) is str  # type: ignore[attr-defined] # as the line before says


def test_more_than_a_message_may_have_is_not_sent(pair: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(FrameError):
        send(pair[0], Submit(command=FileReport(account="a", text="x" * MAX_MESSAGE)), seconds=5)


@given(junk=some.binary(min_size=1, max_size=200))
def test_junk_is_an_error_and_never_a_message(junk: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(struct.pack(">I", len(junk)) + junk)
        ours.shutdown(socket.SHUT_WR)
        with pytest.raises(FrameError):
            receive(theirs, Request, seconds=5)


@pytest.mark.parametrize("head", [0, MAX_FRAME + 1, (1 << 31) | (MAX_FRAME + 1), (1 << 31) - 1])
def test_a_frame_of_a_wrong_size_is_refused_before_it_is_read(
    pair: tuple[socket.socket, socket.socket], head: int
) -> None:
    pair[0].sendall(struct.pack(">I", head))
    with pytest.raises(FrameError):
        receive(pair[1], Request, seconds=5)


def test_frames_without_end_stop_at_the_bound(pair: tuple[socket.socket, socket.socket]) -> None:
    frame = struct.pack(">I", (1 << 31) | MAX_FRAME) + bytes(MAX_FRAME)

    def flood() -> None:
        for _ in range(MAX_MESSAGE // MAX_FRAME + 2):
            try:
                pair[0].sendall(frame)
            except OSError:
                return

    threading.Thread(target=flood, daemon=True).start()
    with pytest.raises(FrameError):
        receive(pair[1], Request, seconds=10)
    pair[1].shutdown(socket.SHUT_RDWR)


def test_a_dripping_peer_runs_out_of_time(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[0].sendall(b"\0")
    with pytest.raises(TimeoutError):
        receive(pair[1], Request, seconds=0.1)
