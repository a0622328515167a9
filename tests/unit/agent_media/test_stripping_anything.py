"""Whatever the bytes: a copy or a refusal, soon, and in memory that does not grow with the file."""

import io
import struct
import tracemalloc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.media.kinds import AVIF, HEIC, M4A, MATROSKA, MP4, QUICKTIME, THREE_GP, MediaKind
from rules.media.stripping import CannotCleanError, DamagedError, strip
from tests.unit.agent_media.makers import video
from tests.unit.agent_media.test_stripping_items import heic

IN_PLACE = [MP4, QUICKTIME, THREE_GP, M4A, HEIC, AVIF, MATROSKA]


@cache
def sound(kind: MediaKind) -> bytes:
    """A file of that kind that holds together."""
    with TemporaryDirectory() as folder:
        if kind is HEIC:
            return heic(Path(folder))
        if kind is MATROSKA:
            return video(Path(folder) / "a.webm", codec="libvpx", sound="libopus")
        flags = "frag_keyframe+empty_moov" if kind is THREE_GP else "+use_metadata_tags"
        return video(Path(folder) / "a.mp4", "-movflags", flags)


def copied_or_refused(kind: MediaKind, data: bytes) -> None:
    target = io.BytesIO()
    try:
        strip(kind, io.BytesIO(data), target)
    except (DamagedError, CannotCleanError):
        return
    assert len(target.getvalue()) == len(data)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


KINDS = st.sampled_from(
    b"moov trak mdia minf stbl mvhd tkhd hdlr stsd stsz stsc stco co64 dref mdat uuid moof tfhd udta meta iinf infe "
    b"iloc iprp ipco idat".split()
)
TREES = st.recursive(
    st.binary(max_size=60),
    lambda inner: st.lists(st.tuples(KINDS, inner), max_size=5).map(lambda all_: b"".join(box(*one) for one in all_)),
    max_leaves=25,
)


@given(st.binary(max_size=400), st.sampled_from(IN_PLACE))
@settings(max_examples=300)
def test_any_bytes(data: bytes, kind: MediaKind) -> None:
    head = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67" if kind is MATROSKA else b"\0\0\0\x0cftypmp42"
    copied_or_refused(kind, head + data)


@given(TREES)
@settings(max_examples=300)
def test_any_boxes_in_any_order(data: bytes) -> None:
    copied_or_refused(MP4, b"\0\0\0\x0cftypmp42" + data)


@given(st.sampled_from([MP4, HEIC, MATROSKA, THREE_GP]), st.data())
@settings(max_examples=200)
def test_a_sound_file_with_bytes_changed(kind: MediaKind, data: st.DataObject) -> None:
    changed = bytearray(sound(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 8))
        form, numbers = data.draw(st.sampled_from([(">B", [0, 1, 0x7F, 0xFF]), (">I", [0, 1, 7, 8, 2**31, 2**32 - 1])]))
        struct.pack_into(form, changed, at, data.draw(st.sampled_from(numbers)))
    copied_or_refused(kind, bytes(changed))


def small_boxes() -> bytes:
    return b"\0\0\0\x08free" * 1_100_000


def small_elements() -> bytes:
    return b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01" + b"\xff" * 7 + b"\xec\x80" * 2_100_000


@pytest.mark.parametrize(("kind", "make"), [(MP4, small_boxes), (MATROSKA, small_elements)])
def test_one_of_nothing_but_the_smallest_parts_ends(kind: MediaKind, make: Callable[[], bytes]) -> None:
    with pytest.raises(CannotCleanError):
        strip(kind, io.BytesIO(make()), io.BytesIO())


def test_a_large_video_takes_no_memory(tmp_path: Path) -> None:
    index = sound(MP4)
    path, taken = tmp_path / "large.mp4", 512 * 1024**2
    with path.open("wb") as file:
        file.write(index + struct.pack(">I4sQ", 1, b"mdat", taken))
        file.truncate(len(index) + taken)

    class Nowhere:
        written = 0

        def write(self, data: bytes, /) -> int:
            Nowhere.written += len(data)
            return len(data)

    with path.open("rb") as source:
        tracemalloc.start()
        strip(MP4, source, Nowhere())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert Nowhere.written == path.stat().st_size
    assert peak < 4 * 1024**2
