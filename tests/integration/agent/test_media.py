"""Files on their way, between the real agent and the real server."""

import io
from pathlib import Path

from PIL import Image

from tests.integration.agent.at_work import at_work
from tests.live_server import LiveServer
from tests.unit.agent_media.makers import PLACE, SECRET, video


def test_nothing_that_a_file_told_is_at_the_server(server: LiveServer, tmp_path: Path) -> None:
    told = Image.Exif()
    told[0x010E] = SECRET.decode()
    picture = io.BytesIO()
    Image.effect_noise((320, 240), 80).convert("RGB").save(picture, "JPEG", exif=told)
    photo, film = tmp_path / f"{SECRET.decode()}.jpg", tmp_path / "Ana Segredo at home.mp4"
    photo.write_bytes(picture.getvalue())
    assert SECRET in video(film, "-movflags", "+use_metadata_tags")
    with at_work(tmp_path / "p", server) as work:
        filed = work.file("Gate 2", work.attach(photo).media_id, work.attach(film).media_id)
        assert work.sync().waiting == 0
        assert [one.name for one in work.report(filed.instance_id).media] == ["Photo 1.jpg", "Video 1.mp4"]
    kept = [path.read_bytes() for path in server.data.rglob("*") if path.is_file()]
    assert any(b"Video 1.mp4" in content for content in kept)
    assert not any(told in content for content in kept for told in (SECRET, PLACE, b"Ana Segredo"))
