"""Videos, recordings and pictures as other programs make them, full of what must not travel."""

import io
import subprocess
from pathlib import Path

import msgspec

from rules.media.kinds import MediaKind
from rules.media.stripping import strip

SECRET = b"Rua do Segredo 7"
PLACE = b"+38.7223-009.1393/"
_SECONDS = 60


def ffmpeg(*arguments: str | Path) -> None:
    """Run it; its complaint is the failure."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-threads", "1", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)


PICTURE = ("-f", "lavfi", "-i", "testsrc=size=96x64:rate=10:duration=1.5")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1.5")
TELLING = (
    *("-metadata", f"title={SECRET.decode()}", "-metadata", f"location={PLACE.decode()}"),
    *("-metadata", f"location-eng={PLACE.decode()}", "-metadata", f"comment={SECRET.decode()}"),
    *("-metadata", f"com.apple.quicktime.location.ISO6709={PLACE.decode()}"),
    *("-metadata", "creation_time=2024-05-06T07:08:09Z"),
    *("-metadata:s:v:0", f"handler_name={SECRET.decode()}", "-metadata:s:v:0", f"title={SECRET.decode()}"),
)


def video(path: Path, *options: str | Path, codec: str = "libx264", sound: str = "aac") -> bytes:
    """A moving picture with sound, which tells where it was made."""
    ffmpeg(*PICTURE, *SOUND, *TELLING, "-c:v", codec, "-c:a", sound, *options, path)
    return path.read_bytes()


def copy(kind: MediaKind, data: bytes) -> bytes:
    """What is left of it."""
    target = io.BytesIO()
    assert strip(kind, io.BytesIO(data), target)
    return target.getvalue()


def frames(folder: Path, data: bytes) -> list[str]:
    """A hash of every decoded frame and every packet of sound, with its time. Any complaint is a failure."""
    path = folder / "looked-at"
    path.write_bytes(data)
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v?", "-map", "0:a?"]
    done = subprocess.run([*command, "-f", "framemd5", "-"], check=True, capture_output=True, timeout=_SECONDS)
    assert done.stderr == b""
    return [line for line in done.stdout.decode().splitlines() if not line.startswith("#")]


def probed(folder: Path, data: bytes) -> dict[str, object]:
    """What ffprobe tells of its streams and tags."""
    path = folder / "looked-at"
    path.write_bytes(data)
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    found: dict[str, object] = msgspec.json.decode(done.stdout)
    return found
