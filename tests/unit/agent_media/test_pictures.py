"""Thumbnails, and photos made smaller where an organization wishes so."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from agent.media.pictures import THUMBNAIL_EDGE, smaller, thumbnail
from agent.media.spool import Spool
from agent.media.thumbnails import Thumbnails
from rules.media.kinds import AVIF, GIF, HEIC, JPEG, PNG, WEBP, MediaKind, sniff
from tests.unit.agent_media.makers import SECRET
from tests.unit.agent_media.test_stripping_items import heic

LIMIT = 10**8
FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", GIF: "GIF", AVIF: "AVIF"}


def picture(size: tuple[int, int] = (900, 600), mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert(mode)


def saved(kind: MediaKind, made: Image.Image, **options: object) -> bytes:
    target = io.BytesIO()
    made.save(target, FORMATS[kind], **options)
    return target.getvalue()


def bomb(side: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that would take gigabytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")


def made_smaller(kind: MediaKind, data: bytes, edge: int = 300, *, keep: bool = False) -> Image.Image | None:
    made = smaller(io.BytesIO(data), kind, edge, keep_details=keep)
    if made is None:
        return None
    assert sniff(made.data) is made.kind
    opened = Image.open(io.BytesIO(made.data))
    opened.load()
    return opened


@pytest.mark.parametrize("kind", [JPEG, PNG, WEBP])
def test_a_photo_becomes_a_jpeg_with_the_wished_edge(kind: MediaKind) -> None:
    made = made_smaller(kind, saved(kind, picture()))
    assert made is not None
    assert (made.format, made.size) == ("JPEG", (300, 200))


def test_a_heic_becomes_a_jpeg(tmp_path: Path) -> None:
    made = made_smaller(HEIC, heic(tmp_path), 48)
    assert made is not None
    assert (made.format, made.size) == ("JPEG", (48, 32))
    assert "exif" not in made.info
    assert SECRET.decode() not in str(made.info)


def test_what_can_be_seen_through_stays_so() -> None:
    glass = picture(mode="RGBA")
    glass.putalpha(100)
    for kind in (PNG, WEBP):
        made = made_smaller(kind, saved(kind, glass))
        assert made is not None
        assert (made.format, made.mode, made.size) == (FORMATS[kind], "RGBA", (300, 200))
    glass.putalpha(255)
    opaque = made_smaller(PNG, saved(PNG, glass))
    assert opaque is not None
    assert opaque.format == "JPEG"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright_and_tells_nothing(orientation: int) -> None:
    told = Image.Exif()
    told[0x0112], told[0x010E] = orientation, SECRET.decode()
    before = saved(JPEG, picture(), exif=told, comment=SECRET)
    made = made_smaller(JPEG, before)
    assert made is not None
    assert made.size == ((300, 200) if orientation < 5 else (200, 300))
    assert "exif" not in made.info
    assert "comment" not in made.info
    kept = made_smaller(JPEG, before, keep=True)
    assert kept is not None
    assert dict(kept.getexif()) == {0x010E: SECRET.decode()}


def test_a_colour_profile_stays() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = made_smaller(JPEG, saved(JPEG, picture(), icc_profile=profile))
    assert made is not None
    assert made.info["icc_profile"] == profile


def test_what_is_small_moves_or_is_no_photo_is_left_as_it_is() -> None:
    assert made_smaller(JPEG, saved(JPEG, picture((300, 200)))) is None
    assert made_smaller(GIF, saved(GIF, picture())) is None
    others = [picture(mode="RGB").rotate(90), picture().rotate(180)]
    assert made_smaller(WEBP, saved(WEBP, picture(), save_all=True, append_images=others)) is None
    assert made_smaller(PNG, saved(PNG, picture(mode="I;16"))) is None
    assert made_smaller(PNG, bomb()) is None
    assert made_smaller(JPEG, saved(JPEG, picture())[:900]) is None


def test_in_the_spool_it_is_the_smaller_one_and_says_what_it_was(tmp_path: Path) -> None:
    before = saved(PNG, Image.effect_noise((900, 600), 80).convert("RGB"))
    (tmp_path / "Gate 2.png").write_bytes(before)
    spool = Spool(tmp_path / "spool")
    taken = spool.take_file(tmp_path / "Gate 2.png", media_id="m", name="", limit=LIMIT, edge=300)
    assert (taken.name, taken.content_type, taken.original_size) == ("Gate 2.jpg", "image/jpeg", len(before))
    assert taken.stripped
    assert taken.size == spool.path(taken.file_name).stat().st_size < len(before)
    left = spool.take_file(tmp_path / "Gate 2.png", media_id="n", name="", limit=LIMIT, edge=900)
    assert (left.name, left.original_size) == ("Gate 2.png", 0)


@pytest.mark.parametrize("kind", [JPEG, PNG, WEBP, GIF, AVIF])
def test_a_thumbnail_is_small_upright_and_tells_nothing(tmp_path: Path, kind: MediaKind) -> None:
    path = tmp_path / "picture"
    told = Image.Exif()
    told[0x010E] = SECRET.decode()
    path.write_bytes(saved(kind, picture(), **({} if kind is GIF else {"exif": told})))
    made = thumbnail(path, kind)
    assert made is not None
    assert SECRET not in made
    with Image.open(io.BytesIO(made)) as shown:
        assert (shown.format, max(shown.size)) == ("JPEG", THUMBNAIL_EDGE)


def test_what_is_seen_through_stands_on_white(tmp_path: Path) -> None:
    path = tmp_path / "glass.png"
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(path)
    made = thumbnail(path, PNG)
    assert made is not None
    with Image.open(io.BytesIO(made)) as shown:
        assert shown.getpixel((50, 50)) == (255, 255, 255)


def test_a_heic_has_a_thumbnail_and_what_is_no_picture_has_none(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path / "thumbnails")
    (tmp_path / "a.heic").write_bytes(heic(tmp_path))
    (tmp_path / "bomb.png").write_bytes(bomb())
    (tmp_path / "words.txt").write_bytes(b"words")
    for name in ("a.heic", "bomb.png", "words.txt", "gone.jpg"):
        thumbnails.make(name, tmp_path / name)
    found = {path.name: path for path in thumbnails.folder.iterdir()}
    assert set(found) == {"a.heic.jpg"}
    assert thumbnails.find("a.heic") == found["a.heic.jpg"]
    assert found["a.heic.jpg"].stat().st_mode & 0o077 == 0
    thumbnails.forget_all_but({"b"})
    assert thumbnails.find("a.heic") is None
    thumbnails.forget("a.heic")


@given(st.sampled_from([JPEG, PNG, WEBP, GIF, AVIF]), st.data())
@settings(max_examples=80, deadline=None)
def test_no_bytes_do_more_than_be_left_as_they_are(kind: MediaKind, data: st.DataObject) -> None:
    changed = bytearray(saved(kind, picture((96, 64))))
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(2, len(changed) - 1))] = data.draw(st.integers(0, 255))
    smaller(io.BytesIO(bytes(changed)), kind, 32, keep_details=True)
