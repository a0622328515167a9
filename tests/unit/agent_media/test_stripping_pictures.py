"""Metadata goes, pixels stay, and what does not hold together is refused."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from rules.media.kinds import GIF, JPEG, PDF, PNG, TEXT, UNKNOWN, WEBP, ZIP, MediaKind, sniff
from rules.media.stripping import CannotCleanError, DamagedError, strip

SECRET = b"Rua do Segredo 7"


def copy(kind: MediaKind, data: bytes) -> bytes:
    target = io.BytesIO()
    strip(kind, io.BytesIO(data), target)
    return target.getvalue()


def picture(size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.effect_noise(size, 80).convert("RGB")


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[0x010E] = SECRET.decode()
    made[0x0112] = orientation
    made.get_ifd(0x8825)[1] = "N"
    return made


def saved(format_name: str, **options: object) -> bytes:
    target = io.BytesIO()
    picture().save(target, format_name, **options)
    return target.getvalue()


def same_pixels(before: bytes, after: bytes) -> bool:
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        return one.tobytes() == other.tobytes() and one.size == other.size


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_keeps_only_its_orientation(orientation: int, progressive: bool) -> None:
    before = saved("JPEG", exif=exif(orientation), comment=SECRET, progressive=progressive, quality=90)
    assert SECRET in before
    after = copy(JPEG, before)
    assert SECRET not in after
    assert same_pixels(before, after)
    with Image.open(io.BytesIO(after)) as shown:
        tags = dict(shown.getexif())
        assert tags == ({0x0112: orientation} if orientation != 1 else {})
        with Image.open(io.BytesIO(before)) as meant:
            assert ImageOps.exif_transpose(shown).tobytes() == ImageOps.exif_transpose(meant).tobytes()


def test_a_jpeg_keeps_its_colour_profile_and_loses_xmp_iptc_and_what_follows_its_end() -> None:
    profile = b"\0" * 40 + b"a profile" * 20
    before = saved("JPEG", icc_profile=profile)
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + SECRET
    iptc = b"Photoshop 3.0\0" + SECRET
    added = b"".join(
        b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content
        for marker, content in ((0xE1, xmp), (0xED, iptc), (0xE5, SECRET), (0xFE, SECRET))
    )
    after = copy(JPEG, before[:2] + added + before[2:] + b"\0\0\0\x18ftypmp42" + SECRET)
    assert SECRET not in after
    with Image.open(io.BytesIO(after)) as shown:
        assert shown.info["icc_profile"] == profile
    assert same_pixels(before, after)


def test_a_png_loses_text_time_and_exif() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET.decode())
    text.add_text("Where", SECRET.decode(), zip=True)
    text.add_itxt("Title", SECRET.decode())
    before = saved("PNG", pnginfo=text, exif=exif())
    after = copy(PNG, before + SECRET)
    assert SECRET not in after
    assert not {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"} & {after[at : at + 4] for at in range(len(after))}
    assert same_pixels(before, after)


def test_a_webp_loses_exif_and_xmp_and_says_so_in_its_header() -> None:
    before = saved("WEBP", exif=exif(6), xmp=SECRET, lossless=True)
    after = copy(WEBP, before)
    assert SECRET not in after
    assert struct.unpack("<I", after[4:8])[0] == len(after) - 8
    assert after[12:16] == b"VP8X"
    assert after[20] & 0x0C == 0
    assert same_pixels(before, after)


def test_a_gif_loses_comments_and_foreign_blocks_and_still_moves() -> None:
    frames = [picture().quantize(16) for _ in range(3)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], comment=SECRET, duration=70, loop=0)
    before = target.getvalue()
    colours = 13 + 3 * 2 ** ((before[10] & 7) + 1)
    xmp = b"\x21\xff\x0bXMP DataXMP" + SECRET + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    after = copy(GIF, before[:colours] + xmp + before[colours:] + SECRET)
    assert SECRET not in after
    assert b"XMP Data" not in after
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert (other.n_frames, other.info["loop"], other.info["duration"]) == (3, 0, 70)
        for number in range(3):
            one.seek(number)
            other.seek(number)
            assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()
    assert copy(GIF, after) == after


@pytest.mark.parametrize("kind", [PDF, ZIP, TEXT, UNKNOWN])
def test_documents_are_copied_as_they_are_and_it_is_said(kind: MediaKind) -> None:
    data = b"%PDF-1.4\n" + SECRET
    target = io.BytesIO()
    assert strip(kind, io.BytesIO(data), target) is False
    assert target.getvalue() == data


def test_a_png_whose_checksum_is_wrong_is_damaged() -> None:
    data = bytearray(saved("PNG"))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(DamagedError):
        copy(PNG, bytes(data))


@pytest.mark.parametrize(("format_name", "kind"), [("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP), ("GIF", GIF)])
def test_one_cut_off_anywhere_is_damaged(format_name: str, kind: MediaKind) -> None:
    data = saved(format_name)
    for end in range(3, len(data) - 1, 97):
        with pytest.raises(DamagedError):
            copy(kind, data[:end])


@given(st.binary(max_size=600), st.sampled_from([JPEG, PNG, WEBP, GIF]))
@settings(max_examples=300)
def test_no_bytes_do_more_than_be_refused(data: bytes, kind: MediaKind) -> None:
    heads = {JPEG: b"\xff\xd8", PNG: b"\x89PNG\r\n\x1a\n", WEBP: b"RIFF", GIF: b"GIF89a"}
    try:
        copy(kind, heads[kind] + data)
    except DamagedError:
        return


@given(st.lists(st.tuples(st.sampled_from([b"tEXt", b"eXIf", b"iTXt", b"prVt"]), st.binary(max_size=50)), max_size=6))
def test_of_a_png_exactly_the_telling_chunks_are_left_out(extra: list[tuple[bytes, bytes]]) -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    before = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13)
    end = chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
    kept = b"".join(chunk(name, content) for name, content in extra if name == b"prVt")
    assert copy(PNG, before + b"".join(chunk(*one) for one in extra) + end) == before + kept + end


def test_stripping_what_was_stripped_changes_nothing() -> None:
    for format_name, kind in (("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP)):
        once = copy(kind, saved(format_name, exif=exif(3)))
        assert copy(kind, once) == once
        assert sniff(once) is kind


class _Counting(io.BytesIO):
    given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        _Counting.given += len(piece)
        return piece


def test_a_jpeg_of_nothing_but_scans_is_not_read_over_and_over() -> None:
    source = _Counting(b"\xff\xd8" + b"\xff\xda\x00\x02" * 300_000 + b"\xff\xd9")
    with pytest.raises(CannotCleanError):
        strip(JPEG, source, io.BytesIO())
    assert _Counting.given < 3 * 1024**3  # of a file of a megabyte; without a bound it is more than twenty times that
