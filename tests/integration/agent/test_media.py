"""Files on their way, between the real agent and the real server."""

import base64
import io
import random
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from agent.api import AgentError, EditReport, FetchMedia, HoldMedia, OpenMedia, PauseSending
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


def test_a_file_is_held_back_and_another_taken_off_and_the_receipt_comes(server: LiveServer, tmp_path: Path) -> None:
    names = ("kept.pdf", "held.pdf", "wrong.pdf")
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(b"%PDF-1.7" + bytes(200_000 + number))
    with at_work(tmp_path / "p", server) as work:
        work.do(PauseSending(paused=True))
        kept, held, wrong = (work.attach(tmp_path / name).media_id for name in names)
        report = work.file("Gate 2", kept, held, wrong).instance_id
        work.do(HoldMedia(account=work.account, media_id=held, held=True))
        work.do(PauseSending(paused=False))
        assert work.sync().online
        assert [one.state for one in work.report(report).media] == ["sent", "held", "sent"]
        assert work.report(report).item.state == "waiting"
        command = EditReport(account=work.account, instance_id=report, text="Gate 2", media=(kept, held))
        work.do(command)
        work.do(HoldMedia(account=work.account, media_id=held, held=False))
        assert work.sync().waiting == 0
        detail = work.report(report)
        assert [(one.media_id, one.state) for one in detail.media] == [(kept, "received"), (held, "received")]
        assert detail.receipt is not None
        assert wrong not in base64.b64decode(msgspec.json.decode(detail.receipt)["payload"]).decode()
        assert not list(work.profile.spool(work.account).iterdir())


def test_what_has_gone_is_fetched_again_checked_and_shown(server: LiveServer, tmp_path: Path) -> None:
    shown: list[bytes] = []
    content = random.Random(1).randbytes(9_000_000)
    (tmp_path / "a.bin").write_bytes(content)
    with at_work(tmp_path / "p", server, open_file=lambda path: shown.append(path.read_bytes())) as work:
        media_id = work.attach(tmp_path / "a.bin").media_id
        report = work.file("Gate 2", media_id).instance_id
        opening = OpenMedia(account=work.account, media_id=media_id)
        work.do(opening)  # while it waits, a copy is shown: another program may change what it opens
        assert work.sync().waiting == 0
        [cached] = (work.profile.account(work.account) / "originals").iterdir()
        assert cached.stat().st_mode & 0o777 == 0o400
        cached.unlink()
        assert work.report(report).media[0].path is None
        with pytest.raises(AgentError, match="Fetch it first"):
            work.do(opening)
        server.kill()
        fetching = FetchMedia(account=work.account, media_id=media_id)
        with pytest.raises(AgentError) as raised:
            work.do(fetching)
        assert raised.value.kind == "unavailable"
        server.restart()
        work.do(fetching)
        assert work.report(report).media[0].path == str(cached)
        work.do(opening)
        assert shown == [content, content]
        cached.unlink()
        part = cached.with_name(f".part-{cached.name}")
        part.write_bytes(b"\0" * 5_000_000)  # an earlier attempt, and not of this file
        with pytest.raises(AgentError, match=r"is not “a\.bin” as it was sent"):
            work.do(fetching)
        part.write_bytes(content[:5_000_000])
        work.do(fetching)
        assert cached.read_bytes() == content
