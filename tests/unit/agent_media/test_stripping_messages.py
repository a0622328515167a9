"""What makers write into the pictures themselves: messages within H.264 and H.265, segments of JPEGs, listed blocks."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rules.media.kinds import HEIC, MP4, QUICKTIME
from rules.media.stripping import CannotCleanError
from rules.media.stripping.boxes import Boxes
from rules.media.stripping.messages import Coding, clean_sample
from tests.unit.agent_media.makers import PICTURE, PLACE, SECRET, copy, ffmpeg, frames, video
from tests.unit.agent_media.test_stripping_items import exif
from tests.unit.agent_media.test_stripping_videos import check

MAKER = "086f3693-b7b3-4f2c-9653-21492feee5b8"
X264 = bytes.fromhex("dc45e9bde6d948b7962cd820d923eeef") + b"x264 - core 164 ref=3"


def test_a_place_in_every_frame_of_h264_goes_and_the_encoders_line_stays(tmp_path: Path) -> None:
    plain = video(tmp_path / "plain.mp4")
    told = f"h264_metadata=sei_user_data={MAKER}+{SECRET.decode()} {PLACE.decode()}"
    for name, kind in (("a.mp4", MP4), ("a.mov", QUICKTIME)):
        path = tmp_path / name
        ffmpeg("-i", tmp_path / "plain.mp4", "-c", "copy", "-bsf:v", told, path)
        before = path.read_bytes()
        assert before.count(PLACE) > plain.count(PLACE)
        after = check(tmp_path, kind, before)
        assert b"x264 - core" in after


@pytest.mark.parametrize(
    "flags",
    [
        "frag_keyframe+empty_moov",
        "frag_keyframe+empty_moov+default_base_moof",
        "frag_every_frame+empty_moov",
        "frag_keyframe+empty_moov+omit_tfhd_offset",
        "frag_keyframe",
    ],
)
def test_in_fragments_it_goes_too(tmp_path: Path, flags: str) -> None:
    video(tmp_path / "plain.mp4", "-g", "4")
    told = f"h264_metadata=sei_user_data={MAKER}+{SECRET.decode()} {PLACE.decode()}"
    path = tmp_path / "a.mp4"
    ffmpeg("-i", tmp_path / "plain.mp4", "-c", "copy", "-bsf:v", told, "-movflags", flags, path)
    before = path.read_bytes()
    assert before.count(PLACE) > 3
    assert before.count(b"moof") > 1
    check(tmp_path, MP4, before)


def test_h265_stays_as_it_is_where_no_maker_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    ffmpeg(*PICTURE, "-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1", path)
    after = check(tmp_path, MP4, path.read_bytes())
    assert b"x265 (build" in after


def unit(messages: list[tuple[int, bytes]], *, wide: bool) -> bytes:
    """A unit of messages, with its length before it, escaped as it must be."""
    body = b"".join(bytes(numbered(kind) + numbered(len(data))) + data for kind, data in messages) + b"\x80"
    escaped, zeros = bytearray(), 0
    for byte in body:
        if zeros >= 2 and byte <= 3:
            escaped.append(3)
            zeros = 0
        escaped.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    whole = (b"\x4e\x01" if wide else b"\x06") + bytes(escaped)
    return struct.pack(">I", len(whole)) + whole


def numbered(value: int) -> list[int]:
    return [0xFF] * (value // 255) + [value % 255]


def read(data: bytes, *, wide: bool) -> list[tuple[int, bytes]]:
    """As a player does."""
    body = bytearray()
    zeros = 0
    for byte in data[6 if wide else 5 :]:
        if zeros >= 2 and byte == 3:
            zeros = 0
            continue
        zeros = zeros + 1 if byte == 0 else 0
        body.append(byte)
    found, at = [], 0
    while at < len(body) - 1:
        numbers = []
        for _ in range(2):
            value = 0
            while body[at] == 0xFF:
                value, at = value + 255, at + 1
            numbers.append(value + body[at])
            at += 1
        found.append((numbers[0], bytes(body[at : at + numbers[1]])))
        at += numbers[1]
    return found


def cleaned(data: bytes, *, wide: bool) -> bytes:
    boxes = Boxes(io.BytesIO(data))
    clean_sample(boxes, 0, len(data), Coding(4, wide))
    target = io.BytesIO()
    boxes.patches.copy(io.BytesIO(data), target, len(data))
    return target.getvalue()


KINDS = [0, 1, 4, 5, 5, 5, 137, 300]
payload = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 255]), max_size=300).map(bytes),
    st.just(X264),
)


@given(messages=st.lists(st.tuples(st.sampled_from(KINDS), payload), min_size=1), wide=st.booleans())
@settings(max_examples=200, deadline=None)
def test_of_any_messages_exactly_the_makers_lose_their_words(messages: list[tuple[int, bytes]], wide: bool) -> None:
    before = unit(messages, wide=wide)
    picture = struct.pack(">I", 5) + b"\x41\x00\x00\x01\x05"
    after = cleaned(before + picture, wide=wide)
    assert after.endswith(picture)
    assert len(after) == len(before + picture)
    left = read(after[: len(before)], wide=wide)
    assert [(kind, len(data)) for kind, data in left] == [(kind, len(data)) for kind, data in messages]
    for (kind, was), (_, now) in zip(messages, left, strict=True):
        if kind != 5 or was == X264:
            assert now == was
        else:
            assert not set(now) - {0, 255}


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x00\x09\x06\x05\x01",  # longer than the sample
        struct.pack(">I", 4) + b"\x06\x05\x40x",  # longer than the unit
        struct.pack(">I", 4) + b"\x06\xff\xff\xff",  # a number without an end
    ],
)
def test_messages_that_cannot_be_read_are_not_called_clean(data: bytes) -> None:
    with pytest.raises(CannotCleanError):
        cleaned(data, wide=False)


def test_frames_that_are_jpegs_tell_nothing(tmp_path: Path) -> None:
    for number in range(3):
        picture = Image.effect_noise((96, 64), 40 + number).convert("RGB")
        picture.save(tmp_path / f"{number}.jpg", "JPEG", exif=exif(), comment=SECRET)
    path = tmp_path / "a.mov"
    ffmpeg("-framerate", "10", "-i", tmp_path / "%d.jpg", "-c:v", "copy", path)
    before = path.read_bytes()
    assert before.count(SECRET) >= 6
    after = copy(QUICKTIME, before)
    assert SECRET not in after
    assert frames(tmp_path, after) == frames(tmp_path, before)


def test_blocks_that_a_dashboard_camera_lists_are_emptied(tmp_path: Path) -> None:
    plain = video(tmp_path / "a.mp4")
    at, size = index_of(plain, b"moov")
    assert at + size == len(plain)
    block = struct.pack(">I4s", 64, b"free") + (b"GPS " + PLACE).ljust(56, b"\0")
    listed = struct.pack(">I4sIIII", 24, b"gps ", 0x101, 1, at + 8, 64)
    media = struct.pack(">I4s", 8 + len(block), b"mdat") + block
    before = plain[:at] + media + struct.pack(">I4s", size + len(listed), b"moov") + plain[at + 8 :] + listed
    assert b"GPS " + PLACE in before
    check(tmp_path, MP4, before)


def test_a_track_that_only_calls_itself_pictures_goes(tmp_path: Path) -> None:
    words = tmp_path / "words.srt"
    words.write_bytes(b"1\n00:00:00,100 --> 00:00:01,200\nGPS " + PLACE + b"\n")
    path = tmp_path / "a.mp4"
    shown = (*PICTURE, "-i", words, "-map", "0", "-map", "1", "-c:v", "libx264", "-c:s", "mov_text")
    ffmpeg(*shown, path)
    before = path.read_bytes()
    assert before.count(b"sbtl") == 1
    disguised = before.replace(b"sbtl", b"vide")
    after = copy(MP4, disguised)
    assert PLACE not in after
    assert frames(tmp_path, after) == frames(tmp_path, before)


def index_of(data: bytes, kind: bytes) -> tuple[int, int]:
    """(position, size) of a box of the file."""
    at = 0
    while data[at + 4 : at + 8] != kind:
        at += struct.unpack(">I", data[at : at + 4])[0]
    return at, struct.unpack(">I", data[at : at + 4])[0]


def test_a_preview_in_a_heic_that_is_a_jpeg_tells_nothing(tmp_path: Path) -> None:
    preview = io.BytesIO()
    Image.effect_noise((48, 32), 60).convert("RGB").save(preview, "JPEG", exif=exif(), comment=SECRET, quality=95)
    before = heif_of(preview.getvalue())
    assert before.count(SECRET) == 2
    after = copy(HEIC, before)
    assert SECRET not in after
    assert len(after) == len(before)
    jpegs = [data[data.index(b"\xff\xd8\xff") :] for data in (before, after)]
    one, other = (Image.open(io.BytesIO(data)) for data in jpegs)
    assert one.tobytes() == other.tobytes()
    assert not other.getexif()


def test_one_that_says_it_is_a_jpeg_and_is_none_is_not_called_clean() -> None:
    with pytest.raises(Exception, match=r"^$") as raised:
        copy(HEIC, heif_of(SECRET * 9))
    assert type(raised.value).__name__ in {"DamagedError", "CannotCleanError"}


def heif_of(jpeg: bytes) -> bytes:
    """A HEIC of one item, which is a whole JPEG."""

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(body), kind) + body

    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    hdlr = box(b"hdlr", bytes(8) + b"pict" + bytes(13))
    pitm = box(b"pitm", bytes(4) + b"\0\1")
    infe = box(b"infe", b"\2\0\0\0" + b"\0\1" + b"\0\0" + b"jpeg" + b"\0")
    iinf = box(b"iinf", bytes(4) + b"\0\1" + infe)
    length = len(head) + 12 + len(hdlr) + len(pitm) + len(iinf) + 8 + 4 + 2 + 2 + 6 + 8 + 8
    places = bytes(4) + b"\x44\0" + b"\0\1" + b"\0\1\0\0\0\1" + struct.pack(">II", length, len(jpeg))
    meta = box(b"meta", bytes(4) + hdlr + pitm + iinf + box(b"iloc", places))
    assert len(head) + len(meta) + 8 == length
    return head + meta + box(b"mdat", jpeg)
