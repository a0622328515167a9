"""A large video takes no more memory than a small one."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live_server import LiveServer
from tests.unit.agent_media.makers import video

MIB = 1024**2
MOST = 32 * MIB


def large_video(path: Path, size: int) -> Path:
    """An MP4 of that many bytes, nearly all of them nothing: a video that nobody's disk need hold."""
    index = video(path)
    with path.open("wb") as file:
        file.write(index + struct.pack(">I4sQ", 1, b"mdat", size - len(index)))
        file.truncate(size)
    return path


@pytest.mark.parametrize(
    "size", [200 * MIB, pytest.param(2048 * MIB, marks=[pytest.mark.slow, pytest.mark.timeout(1500)])]
)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, size: int) -> None:
    small, large = large_video(tmp_path / "small.mp4", MIB), large_video(tmp_path / "large.mp4", size)
    with LiveServer.start(tmp_path) as server:
        code = server.enrol(server.facts["worker"][0][0])
        command = [sys.executable, "-m", "tests.integration.media.uploading", server.url, code]
        command += [str(tmp_path / "profile"), str(small), str(large)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1400)
        assert done.returncode == 0, done.stderr
        growth = int(done.stdout)
        kept = sum(path.stat().st_size for path in (server.data / "media").rglob("*") if path.is_file())
    sys.stdout.write(f"{growth / MIB:.1f} MiB more for {size // MIB} MiB\n")
    assert kept >= size
    assert growth < MOST, f"{growth / MIB:.1f} MiB"
