"""HEIC and AVIF: Exif and XMP are overwritten where they lie, pixels and turning stay."""

import io
import subprocess
from pathlib import Path

import pi_heif
import pytest
from PIL import Image

from rules.media.kinds import AVIF, HEIC, MediaKind, sniff
from rules.media.stripping import CannotCleanError, DamagedError
from tests.unit.agent_media.makers import SECRET, copy


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010E] = SECRET.decode()
    made.get_ifd(0x8825)[1] = "N"
    return made


def heic(folder: Path, *options: str) -> bytes:
    picture, made = folder / "a.jpg", folder / "a.heic"
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    Image.effect_noise((96, 64), 80).convert("RGB").save(picture, "JPEG", exif=exif(), xmp=xmp, quality=95)
    subprocess.run(["heif-enc", *options, str(picture), "-o", str(made)], check=True, capture_output=True, timeout=60)
    return made.read_bytes()


def check(kind: MediaKind, before: bytes) -> None:
    assert sniff(before[:4096]) is kind
    assert SECRET in before
    after = copy(kind, before)
    assert SECRET not in after
    assert len(after) == len(before)
    one, other = (pi_heif.open_heif(data, convert_hdr_to_8bit=False) for data in (before, after))
    assert one.size == other.size
    assert bytes(one.data) == bytes(other.data)
    assert copy(kind, after) == after


@pytest.mark.parametrize("options", [(), ("-t", "32"), ("-L",)])
def test_a_heic_tells_nothing_and_shows_the_same(tmp_path: Path, options: tuple[str, ...]) -> None:
    check(HEIC, heic(tmp_path, *options))


def test_what_is_left_of_a_heics_exif_can_be_read(tmp_path: Path) -> None:
    pi_heif.register_heif_opener()
    with Image.open(io.BytesIO(copy(HEIC, heic(tmp_path)))) as shown:
        assert dict(shown.getexif()) in ({}, {0x0112: 1})
        assert SECRET.decode() not in str(shown.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_avif_tells_nothing_and_stays_turned(orientation: int) -> None:
    made, told = io.BytesIO(), exif()
    told[0x0112] = orientation
    Image.effect_noise((96, 64), 80).convert("RGB").save(made, "AVIF", exif=told, xmp=SECRET)
    before = made.getvalue()
    assert sniff(before) is AVIF
    after = copy(AVIF, before)
    assert SECRET not in after
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
        assert one.getexif().get(0x0112) == other.getexif().get(0x0112)


def test_one_cut_off_is_damaged(tmp_path: Path) -> None:
    whole = heic(tmp_path)
    for end in range(24, len(whole) - 1, 97):
        with pytest.raises((DamagedError, CannotCleanError)):
            copy(HEIC, whole[:end])
