"""A picture in, two JPEGs out, by a process that can do nothing else; and what is no picture ends there."""

import io
import json
import subprocess
import sys

import pytest
from PIL import Image

from server.confined.running import Limits, UndoneError, UnfitError, run_confined
from tests.picture_files import HEIC, bomb, jpeg, sideways_jpeg, transparent_png

LIMITS = Limits(memory=1024**3, output=32 * 1024**2, processor_seconds=15, clock_seconds=60)


def shrunk(content: bytes) -> tuple[dict[str, int], Image.Image, Image.Image]:
    line, _, rest = run_confined("pictures", [content], LIMITS).partition(b"\n")
    facts = json.loads(line)
    return facts, Image.open(io.BytesIO(rest[: facts["small"]])), Image.open(io.BytesIO(rest[facts["small"] :]))


def test_a_large_photo_becomes_two_smaller_ones() -> None:
    facts, small, large = shrunk(jpeg(6000, 3000))
    assert (facts["width"], facts["height"]) == (6000, 3000)
    assert small.size == (480, 240)
    assert large.size == (2048, 1024)
    assert (small.format, large.format) == ("JPEG", "JPEG")


def test_a_photo_is_upright_and_tells_nothing_of_its_camera() -> None:
    facts, small, large = shrunk(sideways_jpeg())
    assert (facts["width"], facts["height"]) == (20, 40)
    assert large.size == (20, 40)
    assert not large.getexif()
    assert b"Spycam" not in large.tobytes() + small.tobytes()


def test_heic_is_read() -> None:
    facts, _, large = shrunk(HEIC)
    assert (facts["width"], facts["height"]) == (96, 64)
    red, _, blue = large.convert("RGB").getpixel((10, 30))
    assert red > 150 > blue


def test_what_is_transparent_lies_on_white() -> None:
    assert shrunk(transparent_png())[2].getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_comes_out_in_colour(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (20, 20)).save(written, "TIFF" if mode == "CMYK" else "PNG")
    assert shrunk(written.getvalue())[2].mode == "RGB"


def test_a_bright_picture_of_sixteen_bits_stays_bright() -> None:
    written = io.BytesIO()
    Image.new("I;16", (20, 20), 60_000).save(written, "PNG")
    red, _, _ = shrunk(written.getvalue())[2].getpixel((5, 5))
    assert 225 < red < 240


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GIF89a but not really", id="junk"),
        pytest.param(jpeg(400, 400)[:600], id="truncated"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="postscript"),
        pytest.param(bomb(), id="bomb"),
    ],
)
def test_what_is_no_picture_is_unfit(content: bytes) -> None:
    with pytest.raises(UnfitError):
        run_confined("pictures", [content], LIMITS)


def test_a_picture_that_needs_more_memory_than_there_is_is_unfit() -> None:
    # Within the bound of pixels, but three bytes for each of them are more than what is left beside the decoders.
    little = Limits(memory=220 * 1024**2, output=32 * 1024**2, processor_seconds=15, clock_seconds=60)
    assert run_confined("pictures", [jpeg()], little)
    with pytest.raises(UnfitError):
        run_confined("pictures", [bomb(8800)], little)


def test_a_process_that_cannot_start_is_not_the_pictures_fault(caplog: pytest.LogCaptureFixture) -> None:
    nothing = Limits(memory=24 * 1024**2, output=1024, processor_seconds=15, clock_seconds=60)
    with pytest.raises(UndoneError):
        run_confined("pictures", [jpeg()], nothing)
    assert "pictures could not be done" in caplog.text


def test_too_much_output_is_cut_off() -> None:
    with pytest.raises(UnfitError):
        run_confined(
            "pictures", [jpeg(3000, 3000)], Limits(memory=1024**3, output=64, processor_seconds=15, clock_seconds=60)
        )


def test_a_sealed_process_opens_no_connection_and_no_file() -> None:
    program = """
import socket
from server.confined.child import seal
seal()
for attempt in (lambda: open('/etc/hostname'), lambda: socket.socket(), lambda: socket.socketpair()):
    try:
        attempt()
    except OSError as error:
        print(error.errno)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == ["ready", "24", "24", "24"]
